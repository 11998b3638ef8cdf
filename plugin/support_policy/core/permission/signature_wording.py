"""Words that signatures are made of: posts and fields of work, firms, places, devices.

All are in small letters without accents, as ``plain`` gives them.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CONNECTORS = _words(
    """
    of and the for in at to de des du la le les et en a aux au d l & von van
    """
)
TITLES = _words(
    """
    accountant actuary adjoint adjointe administrateur administratrice administrator advisor
    agent agente agronome analyst analyste apprenti architect architecte artist artiste
    assistant assistante associate associe associee attorney auditor author auteur autrice
    avocat avocate baker barista bookkeeper broker boulanger boulangere bursar buyer caissier
    captain caretaker ceo cfo chair chairman chairperson chairwoman charge chargee chef chief
    cio clerk co-founder coach cofounder cofondateur cofondatrice comptable concierge
    conseiller conseillere consultant consultante contractor controller controleur controleuse
    coo coordinator coordonnateur coordonnatrice copywriter counsel cpa cto curator curatrice
    dean denturologiste dentist dentiste designer dev developer developpeur developpeuse
    directeur directrice director directors doctor docteur dr dre ebeniste editor editeur
    editrice electricien electrician employee employe eng engineer entrepreneur entrepreneure
    estimator executive fleuriste florist fondateur fondatrice foreman founder gardener gerant
    gerante gestionnaire graphiste guide head horloger horticulteur infirmier infirmiere
    infographiste ing ingenieur ingenieure inspector inspecteur instructor intervenante
    intervenant janitor journalist journaliste lawyer lead leader librarian libraire manager
    massotherapeute mayor maire mairesse mba md mecanicien mechanic member membre miss mlle mme
    mr mrs ms msc notaire notary nurse officer operator optometriste optometrist owner
    paralegal partner pastor pharmacien pharmacienne pharmacist phd photographe photographer
    planner plumber potter president presidente president-directeur principal producer
    producteur productrice prof professeur professeure professor programmer programmeur
    programmeuse proprietaire psychologist psychologue publisher purchaser realtor receptionist
    receptionniste recruiter redacteur redactrice rep representante representant representative
    responsable restauratrice restaurateur scientist secretaire secretary specialist
    specialiste steward superintendent superviseur superviseure supervisor surintendant
    surintendante teacher technician technicien technicienne technologue therapist tresorier
    tresoriere treasurer trustee tuteur vendeur vendeuse veterinaire veterinarian vice vice-
    president vice-presidente vp webmaster webmestre writer
    """
)
FIELDS = _words(
    """
    account accounting accounts achat achats acting admin administratif administration
    administrative administratives affaires approvisionnement arts assurance atelier audit
    bilingual board brand bureau business campus certified chartered chantier chantiers client
    clients clientele commercial commerciale commerciales communication communications
    community compte comptes comptabilite comptable congregation conseil content creatif
    creation creative creatrice culture culturel customer cuisine cybersecurity data department
    departement deputy design developpement development digital direction district division
    donnees ecommerce e-commerce editorial education eglise enterprise equipe equipes estate
    etudes evenements events executif executive exploitation export facilities facility field
    finance finances financial financier financiere financieres fleet general generale gestion
    global graphic graphique group grounds head health hosting hotel hr hse humaines imports
    informatique informatiques infrastructure inside installations inventory it junior legal
    licensed litige logistics logistique maintenance magasin maitre managing marketing
    materielles media medical members membership membres merchandising multimedia municipal
    municipale network numerique office online operating operations paie parish pastry
    patrimoine payroll people permanente personnel plant principal principale procurement
    produit produits product production products professional programme programmes programs
    project projects projet projets property public publications purchasing quality qualite
    real region regional regionale registered relation relations research ressources retail
    reseau reseaux rh sales sante security securite senior service services shipping shop site
    social socials staff store strategic strategique strategy studio succursale support systems
    systemes systeme team tech technical technique techniques technologies technology ti travel
    tourism tourisme training transport travaux vente ventes volunteer warehouse web workshop
    """
)
DEPARTMENTS = _words(
    """
    accounting accounts administration affaires communications developpement development
    comptabilite department departement direction equipe finance finances informatique
    marketing office payable procurement purchasing receivable resources ressources sales
    service services support team ventes
    """
)
FIELDS |= DEPARTMENTS
COMPANIES = _words(
    """
    inc ltd ltee llc llp corp corporation company co enr senc sencrl gmbh sarl sas group groupe
    solutions services service consulting consultants conseil conseils studio studios boutique
    restaurant cafe clinique clinic boulangerie garage construction constructions immobilier
    realty hotel auberge association foundation fondation universite university college ecole
    school church eglise editions edition media agency agence entreprises enterprises
    industries technologies technology systems systemes & fils sons freres bros brothers
    plomberie plumbing heating roofing printing landscaping catering engineering trading
    marketing accounting clothing lighting moulding holding holdings shipping tooling brewing
    fishing painting cleaning welding renovation renovations production productions
    communication communications gestion isolation distribution location installation
    installations creation creations excavation fabrication federation transformation
    equipement equipements batiment batiments developpement ameublement revetement vetement
    vetements amenagement management property properties insurance mills textiles pottery
    bakery brewery grocery upholstery nursery gallery winery cannery joinery surgery machinery
    masonry dentistry forestry poissonnerie epicerie fromagerie theatre musee librairie
    bibliotheque pharmacie quincaillerie ferblanterie ebenisterie imprimerie
    """
)
PLACES = _words(
    """
    montreal quebec laval gatineau longueuil sherbrooke levis saguenay trois-rivieres
    terrebonne toronto ottawa vancouver calgary edmonton winnipeg halifax moncton fredericton
    regina saskatoon victoria hamilton london mississauga ontario alberta manitoba canada qc on
    bc ab mb sk ns nb nl pe pei yt nt nu brossard blainville repentigny drummondville granby
    rimouski chicoutimi
    """
)
STREETS = _words(
    """
    street st avenue ave av road rd boul boulevard blvd rue chemin ch drive dr lane ln way
    court crt place suite ste bureau unit unite apt app floor etage rang route montee cote
    square crescent cres highway hwy box
    """
)
DEVICES = _words(
    """
    iphone ipad ipod android samsung galaxy blackberry outlook yahoo gmail proton protonmail
    mobile phone smartphone cellphone telephone cellulaire portable tablette tablet huawei
    pixel windows mail courrier bell rogers telus videotron fido koodo spark device appareil
    thunderbird aol handheld
    """
)
DEVICE_WORDS = DEVICES | _words(
    """
    my mon ma the intelligent a an app apps application secure email encrypted securise for
    pour de du d l le la using with via sur on over smart network reseau s canada largest
    wireless sans fil lte edge mini ios ipados gen mobility business entreprises hub ultra note
    phone mx bluemail spark lg motorola nokia xperia oneplus xiaomi fairphone nine superhuman
    samsung duck fastmail
    """
)
DEVICE_BEGINS = (
    "sent from ", "sent via ", "sent with ", "sent using ", "get outlook for ", "envoye de ",
    "envoye depuis ", "envoye a partir de ", "envoye a partir d'", "envoye avec ", "envoye par ",
    "envoye d'", "envoyee de ", "envoye via ", "obtenez outlook pour ", "obtenir outlook pour ",
    "telecharger outlook pour ", "telechargez outlook pour ", "provenance : ", "get bluemail for ",
)  # fmt: skip
