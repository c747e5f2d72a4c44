"""Subjects that say what a mail is not: a reply, a forward, a bill, a warning, a prize."""

import re

from agent_platform.patterns import lazy_pattern

from outreach.claims.folding import fold

# How mail programs mark replies and forwards, in the languages that messages are written in and their neighbours.
_REPLY = lazy_pattern(
    r"[\W_]{0,20}(?:re|fwd?|aw|antw(?:ort)?|wg|rv|tr|rif|sv|vs)\s{0,3}(?:[\[(]\d{1,3}[\])])?\s{0,3}:", re.IGNORECASE
)
_PRETENCES = lazy_pattern(
    r"\b(?:"
    # English
    r"your (?:invoice|bill|password)|invoice (?:no|number|attached|due)|final notice|legal notice|past due"
    r"|payment (?:due|failed|overdue|declined|reminder)|account (?:is )?(?:suspended|locked|on hold)|security alert"
    r"|verify your|action required|urgent|you(?:'ve| have) won (?:a|an|the|[0-9$])"
    # German
    r"|ihre rechnung|rechnung (?:nr|anbei|fallig)|mahnung|zahlungserinnerung|konto (?:ist )?gesperrt|dringend"
    r"|handlungsbedarf|sie haben (?:einen|ein|eine) [^.!?]{0,40}gewonnen"
    # Spanish
    r"|su factura|factura (?:n|adjunta|pendiente|vencida)|aviso final|pago (?:pendiente|vencido|rechazado)"
    r"|cuenta (?:suspendida|bloqueada)|urgente|ha ganado (?:un|el)"
    # French
    r"|votre facture|facture (?:n|jointe|impayee)|dernier (?:avis|rappel)|paiement (?:refuse|en retard)"
    r"|compte (?:est )?(?:suspendu|bloque)|vous avez gagne (?:un|le)"
    r")\b",
    re.IGNORECASE,
)


def dishonesty_of(subject: str) -> str | None:
    """What a subject pretends to be, with its words; None if it is honest as far as code can see."""
    seen = " ".join(fold(subject).text.split())
    if reply := _REPLY.match(seen):
        return f"“{reply[0].strip()}” looks like a reply or a forward"
    if pretence := _PRETENCES.search(seen):
        return f"“{pretence[0]}” looks like a bill, a warning or a prize"
    return None
