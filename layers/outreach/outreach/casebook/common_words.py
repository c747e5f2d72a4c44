"""The words that a past case may have beside its brand's own: the commonest ones of the languages that are written in.

They are courtesy, services and offers, and nothing that people are, have or went through: no family, health, faith,
money, work, animals or places. What isn't here is left out of a case, so a list may be short; German nouns have their
capital, since everywhere else a capital inside a sentence is a name's. Parts around an apostrophe or hyphen are words.
"""

from collections.abc import Mapping

from outreach.claims.vocabulary import words

_ENGLISH = words("""
    about after again all also and any are back been before but can come could did does done each ever every for from
    get give glad good had has have having hear help her here hers him his how into its just keep kind know last let
    like look looking lot made make many may might more most much need never new next not nothing now off once one only
    open or other our ours out over own per please quite rather really right said same say see she should since some
    something soon still such sure take tell than thank thanks that the their them then there these they thing things
    think this those through time too two under until upon use used very want was way welcome well were what when
    where whether which while who whose why will with without work would year years yes yet you your yours
""")  # fmt: skip
_GERMAN = words("""
    als auch auf aus bei bin bis das dass dem den der des die dir doch ein eine einem einen einer eines für gern haben
    hat ich ihm ihn ihnen ihr ihre ihrem ihren ihrer immer ist kann können mehr mein mit nach nicht noch nur oder schon
    sehr sein sich sie sind über und uns unser unsere unserem unseren vom von vor war waren was weil wenn wie wir wird
""")  # fmt: skip
_SPANISH = words("""
    al algo con como cuando del desde donde ella ellos era ese esta este está están hay las los más muy nos nosotros
    nuestra nuestro para pero por porque que qué ser sin sobre son sus también tiene todo una uno usted ustedes
""")  # fmt: skip
_FRENCH = words("""
    aux avec avez avons car ces cette chez comme dans des elle est été être fait ils jamais leur leurs les lui mais mes
    même moi mon nos notre nous par pas plus pour quand que qui sans ses son sont sur tous tout très une vos votre vous
""")  # fmt: skip
# Whoever says these, says nothing of themselves.
SAYING_NOTHING = _ENGLISH | _GERMAN | _SPANISH | _FRENCH

_ENGLISH_COURTESY = words("""
    A a able above across add added adding addition afterwards ahead along already although always am among an
    another answer answered answers anybody anyone anything apply around arrange arranged arrive arrived as ask
    asked asking asks at attention autumn away be beautiful beautifully became because become becomes behind being
    below beside best better between beyond big bit book booked booking books both bring bringing brings brought
    busy by call called calls came care cared careful carefully cares caring chance change changed changes
    check cheerful choice choose chooses choosing chose chosen clean cleaner clear clearly click close closer comes
    comfortable coming company complete completed confidence consider cost costs couldn count credit credits
    crew crews customer customers d day days deal dear decide delight delighted deserve deserves details didn
    difference do doesn doing don down e earn earns ease easier easily easy either else email end enjoy enjoyed
    enjoying enjoys enough especially even everybody everyone everything everywhere example excellent exception
    expect experience extra fact fair far fee feel feels felt few fill find finds fine finish finished first follow
    follows forward found free fresh friend friendly friends full further future gave gets getting gift gives giving
    gladly go goes going gone got grateful gratefully gratitude great greatly greeting greetings grow hand handy
    happen happily happy hard harder hardly hasn haven hearing hello helped helpful helping helps hesitate hi
    hold home homes hope hoped hopes hoping hour hours however I i idea ideas if important in
    included indeed instead interest interested introduce introduced invite invited is isn it join joy keeping keeps
    kept kindly kindness kinds knew knowing known knows large later leads least leave leaves less lets letting light
    liked likes line link links list listen little live ll long longer looked looks loosen love loved lovely loyal
    loyalty m mail making matter matters maybe me mean means meant meet meeting mention message met mind minute
    minutes moment moments month months morning move moving must my near nearby neat neatly needs neighbor
    neighborhood neighborly neighbors neighbour neighbourhood neighbourly neighbours nice nicely nicest no nobody
    note noticed number of offer offered offers office often ok old on online onto opportunity option options order
    others otherwise ourselves overall page part pass passed passes passing past patience pause people perfect
    perhaps personal personally pick place places plan planning plans pleasant pleased pleasure plenty plus point
    possible praise present pressure price promise proper properly proud provide put question questions quick
    quickly rating re reach read ready real receive received receives recently recommend recommendation
    recommendations recommended recommending recommends refer referral referrals referred regards regular regularly
    relax remain remember reminder reply request reserve respect result results return reward rewarded rewards rush
    s safe sake satisfied save saved saves saving savings saw saying says schedule scheduled season seasons second
    seeing seem seems seen send sending sends sense sent served service services serving set share shared shares
    sharing shine short show shows side simple simply sincerely small smile smiled so somebody someone sometimes
    somewhere sooner sounds spare speak special spend spoke spot spread spring standard start started starts stay
    steady step steps stop straight suggest suit suited suits summer support surely surprise swift t takes taking
    talk talked talking task team teams tells term thanked thankful thanking thinking thinks thorough thoroughly
    though thought thoughtful thoughts thrilled tidy timing tip to today together told tomorrow tonight took top
    touch toward towards treat treated tried true truly trust trusted trusting try trying turn turned turns up us
    useful usual usually value ve visit visited visits wait waiting walk wants warm warmest warmly warmth wasn ways
    we week weekend weekends weeks welcomed weren whatever whenever wherever whole winter wish wished wishes won
    wonder wonderful wondering wonders word words worked working works worry worth wouldn write writing written
    yourself
""")  # fmt: skip
_GERMAN_COURTESY = words("""
    aber alle allem allen aller alles also am an andere anderen Angebot Anruf Antwort antworten anvertrauen Arbeit
    Auf Aufmerksamkeit Auftrag Aufwand ausprobieren bald bedeutet beide beiden beim bekommen bekommt belohnt bereits
    besonders besser bestem besten Besuch Besuche Besuchs bitte bleiben bleibt brauchen braucht bringt buchen bucht
    da dabei dachten dafür damit danach Dank dankbar Danke danke danken Dankeschön dann daran darauf darum darüber
    davon dazu dein deine deinem deinen denken denn deren deshalb dessen diese diesem diesen dieser dieses dort
    drauf durch dürfen E ebenfalls eilt einfach einfacher Einzelheiten empfehlen Empfehlung empfiehlt empfohlen Ende
    entscheiden Entscheidung entschieden Ergebnis ergänzt erhalten erhält erreichen Ersparnis erste ersten erzählen
    erzählt es etwas euch euer eure finden folgen Frage Fragen fragen fragt Freude freuen Freund Freunde Freunden
    Freundin freundlich freundliche freundlichen freut früh Frühling ganz ganze ganzen ganzes geben Gedanke gefallen
    gefreut gefällt gehen geht gekümmert Gelegenheit gemacht genau genießen gepasst gerade gerne Geschenk geschickt
    gibt gilt gleich gleiche Gruß Grüße Grüßen gut gute guten guter gutes Gutschrift Hallo Hand helfen Herbst
    herzlich herzliche herzlichen heute hier Hilfe hin hinter hoffen hoffentlich hätten Idee Ihnen Ihr Ihre Ihrem
    Ihren Ihrer Ihres im in ins ja Jahr Jahre Jahren Jahreszeit jede jedem jeden jeder jederzeit jedes jemand
    jemanden jetzt kaum kein keine keinen kennen kennt klein kleine kleinen kleiner kleines klingt komm kommen kommt
    kostet Kunde Kunden Kundin kurz könnte könnten kümmern lassen Leistung lesen letzten liebe lieben lieber Link
    lässt machen macht Mail mal man manchmal melden Menschen mich mir Moment Monat Monate muss möchte möchten mögen
    müssen Nachbar Nachbarin Nachbarn Nachbarschaft Nachricht nehmen nett nie niemand nun nächste nächsten nächster
    nächstes ob ohne ordentlich passende passt Pflege Preis Qualität Rest rufen ruhig Sache sagen sagt schauen
    schenken schicken schnell schreiben Schritt schön schöne schönen schöner schönes sehen seine seit selbst senden
    Service Sie so sobald soll sollen sollte sollten Sommer sondern sonst sorgen Sorgfalt sparen Spaß später sucht
    Tag Tage Tagen Team Teil teilen teilt Termin tun um unserer unseres unten unter unterstützen vereinbaren
    Vergnügen Verpflichtung Vertrauen vertrauen viel viele vielen vielleicht Vorschlag Vorteil wann warten warum
    weiter weitere weiterempfehlen weitergeben weitersagen welche welchen wenig weniger wer werden wert wichtig
    wieder wiederzusehen will Winter wirklich wissen wo Woche Wochen wohl wollen Wort Worte Wunsch wählen wäre
    wünschen würde würden zeigen zeigt Zeit zu zufrieden Zuhause zum zur zusammen zusammengestellt zwischen
""")  # fmt: skip
_SPANISH_COURTESY = words("""
    A a abajo acordar además agradecemos agradecer agradecidos agradecimiento agrado ahora ahorra ahorrar ahorro ahí
    alegra alegría alegró alguien alguna alguno algún amable amables amiga amigas amigo amigos amistad antes aquí
    así aunque ayuda ayudamos ayudar año años aún bien bienvenida bonito buen buena buenas bueno buenos busca cada
    calidad calma camino casi cerca cita cliente clientes comparta comparte compartir compromiso confiado confianza
    confiar confiarnos conoce conocemos contacto contar contarle contento contentos cordial cordiales correo cosa
    cosas crédito cuenta cuesta cuidado cuidar cuándo cómodo da dar darle de debajo decidir decir decisión dejar
    detalle detalles detrás disfrutando disfrutar disfrute duda dudas día días díganos e el elegir elija ellas en
    encanta encantados encontrará enhorabuena enlace entonces entre enviar envía envíe equipo es esa esas eso esos
    espera esperamos estación estamos estar estas esto estos estupendo excelente fue fácil gracias gran grande gusta
    gustara gustaría guste gusto gustó ha hace hacer hacerle haga hasta haya hemos hogar hogares hola horario hoy
    idea igual importante incluye invierno invita invitar ir justo la lado le leer les llama llegar llámenos lo
    luego manera mano mañana me mejor mejores menos mensaje mes meses mi mientras mismo momento mucha muchas mucho
    muchos nada nadie necesita necesite ni ninguna ningún no nuestras nuestros nueva nuevo nunca o ocasión ocuparnos
    oferta ojalá ordenado otoño otra otras otro otros palabra palabras parece parte pasar pase paso pedir pensamos
    pensar pequeña pequeño permite personas placer poco podemos poder podría posible precio prefiera pregunta
    preguntas preparado primavera primer primera primero prisa pronto propuesta próxima próximo pueda puede pueden
    quedó queremos quien quienes quiera quiere quizá quién reciba recibe recibir recomendación recomendar
    recomendarnos recomienda recomiende regalo reserva reservar reserve responda responder respuesta resultado sabe
    saber saludar saludo saludos se sea seguir seguro según semana semanas sencilla sencillo servicio servicios será
    si siempre siga significa sigue simple sinceramente solo sonreír su suya suyo sí sólo tal tan tanto temporada
    tener tenga tengo ti tiempo toda todas todavía todos tomar trabajar trabajo tras tu tus un unas unos usar va
    vale valor vamos vea veces vecina vecinas vecino vecinos venga ver verano verdad verle vez visita visitas volver
    vuelve Y y ya yo él última último útil
""")  # fmt: skip
_FRENCH_COURTESY = words("""
    A a adresse afin ai aide aider aidons aimables aimer aimerait aimerions aimé ainsi ajouter alors ami amicalement
    amie amies amis an année années ans appelez apporte après arrive as assez attention au aucun aucune aujourd
    aussi autant automne autour autre autres avait avant avis avoir beau beaucoup belle besoin bien bientôt
    bienvenue bon bonjour bonne bons c cadeau calme ce ceci cela celle celles celui cet ceux chaque chemin cher
    cherche choisi choisir choisissez choix chose choses chère ci client cliente clients comment compléter compris
    compte confiance confier confié connaissez connaissons connaître conseil contents convenir convenu conviendrait
    convient cordialement coup courriel crédit côté d de demain demande demander demandé depuis dernier dernière
    dessous deux dire dit dites doit donc donne donner dont du décider décision déjà détails elles en enchantés
    encore ensemble ensuite entre envie envoyer envoyez es espère espérons et exemple explique facile facilement
    faire ferait fois font fut grand grande grâce heureux hier hiver honorés horaire hui hésitez ici idée il
    important invite j je joie jour jours jusqu juste l la laisser laissez le lien lire lors lorsque là ma
    maintenant maison maisons manière me meilleur meilleure meilleures meilleurs merci message mieux moins mois
    moment monde mot mots n ne ni nom non nouveau nouvelle occuper offre offres on ont ordre ou oui où page parfait
    parfois parler parlez parlé part partage partager partagez partie passer passez pendant penser pensez pensé
    petit petite petits peu peut peuvent plaisir plaît plu plupart possible pourquoi pourrait pouvez pouvons premier
    première prendre prenez presque presse printemps prix prochain prochaine profitez près préparé prêt puis qu
    qualité quel quelle quelqu quelque quelques question questions quoi rapide rapidement recevez recevoir
    recommandation recommandent recommander recommandez remerciement remercier remercions rendez rendre reste
    restons revoir reçoit rien répondez répondre réponse réserve réservez résultat s sa saison saisons saluer
    salutations satisfaction satisfait savez savoir se semaine semaines serions service services seul si simple
    simplement sincèrement soin soins soit sommes souhaitez souhaitons sourire sous souvent suffit suite suivant
    suivez suivre surtout t ta tant te tel temps toujours tour toute toutes transmettez transmettre travail
    travailler trop trouve trouver trouverez tu un utile va valeur venir vers visite visites voici voilà voir voisin
    voisine voisins volontiers voulez voyez vrai vraiment vôtre Y y À à ça économie économiser économisez également
    équipe étaient était étape êtes
""")  # fmt: skip
COMMON: Mapping[str, frozenset[str]] = {
    "en": _ENGLISH | _ENGLISH_COURTESY,
    "de": _GERMAN | _GERMAN_COURTESY,
    "es": _SPANISH | _SPANISH_COURTESY,
    "fr": _FRENCH | _FRENCH_COURTESY,
}
