"""What the offline writer takes from a comment: its topics, and nothing else of it."""

import re

# What a comment is about, by words in any of the four languages; a chat is a cat only behind its French article.
_TOPICS = {
    "pet": (
        r"\b(dogs?|pup(py)?|cats?|kitten|pets?|perros?|gatos?|mascota|chiens?|(mon|mes|notre|nos|le|les|au) chats?"
        r"|hunde?|katzen?|haustier)\b"
    ),
    "crew": r"\b(crew|team|friendly|polite|kind|amables?|equipo|équipe|aimables?|gentils?|freundlich\w*|nett\w*)\b",
    "punctuality": r"\b(on time|punctual\w*|prompt\w*|early|puntual\w*|a tiempo|ponctuel\w*|à l'heure|pünktlich\w*)\b",
    "cleanliness": r"\b(clean\w*|tidy|spotless|neat\w*|limpi\w*|propre\w*|sauber\w*|ordentlich\w*)\b",
    "result": r"\b(great|love\w*|beautiful\w*|perfect\w*|lawn|garden|excelente|jardín|jardin|pelouse|rasen|garten)\b",
}
# A comment that also complains gets no answer to its topics: which half is meant can't be told from words.
_COMPLAINT = re.compile(
    r"\b(but|however|late|rude|dirty|missed|never|not|didn't|wasn't|pero|tarde|mais|retard|aber|spät|nicht)\b", re.I
)


def topics_of(comment: str | None) -> list[str]:
    """What a customer's comment praises, the first in the table first; nothing of one that also complains."""
    if not comment or _COMPLAINT.search(comment):
        return []
    return [topic for topic, words in _TOPICS.items() if re.search(words, comment, re.IGNORECASE)]
