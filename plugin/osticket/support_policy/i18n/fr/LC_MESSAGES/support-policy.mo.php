<?php
// SPDX-License-Identifier: GPL-2.0-or-later

return [
    // The form.
    'The service' => 'Le service',
    'The Support Policy service judges tickets by your policy; this plugin asks it and writes the answer.' =>
        'Le service Support Policy évalue les billets selon votre politique; ce plugiciel l\'interroge et inscrit sa réponse.',
    'Address of the service' => 'Adresse du service',
    'Ends in /webhooks/osticket.' => 'Se termine par /webhooks/osticket.',
    'Private network' => 'Réseau privé',
    'The service runs on this machine or in a private network' =>
        'Le service tourne sur cette machine ou dans un réseau privé',
    'Secret' => 'Secret',
    'whsec_…, the same as in the service. Leave it empty to keep the one in use. A new one takes the place of the old, which stays good as the previous one.' =>
        'whsec_…, le même que dans le service. Laissez le champ vide pour garder le secret en usage. Un nouveau secret prend la place de l\'ancien, qui reste valable comme secret précédent.',
    'Previous secret' => 'Secret précédent',
    'Only while secrets are being changed. Leave it empty to keep it.' =>
        'Seulement pendant un changement de secret. Laissez le champ vide pour le garder.',
    'Changing secrets' => 'Changement de secret',
    'Forget the previous secret' => 'Oublier le secret précédent',
    'What it does' => 'Ce qu\'il fait',
    'Mode' => 'Mode',
    'Observe first, compare with what your agents decide, then enforce.' =>
        'Observez d\'abord, comparez avec ce que décident vos agents, puis appliquez.',
    'Observe: change nothing on tickets' => 'Observer : ne rien changer aux billets',
    'Enforce: write decisions to tickets' => 'Appliquer : inscrire les décisions dans les billets',
    'Tickets' => 'Billets',
    'For the second, give ticket filters the action “Send to Support Policy”.' =>
        'Pour le second choix, ajoutez à des filtres de billets l\'action « Envoyer à Support Policy ».',
    'All new tickets' => 'Tous les nouveaux billets',
    'Only those that a ticket filter sends' => 'Seulement ceux qu\'un filtre de billets envoie',
    'What it may write' => 'Ce qu\'il peut inscrire',
    'What an agent has chosen on a ticket stays as it is.' =>
        'Ce qu\'un agent a choisi dans un billet reste tel quel.',
    'Priority' => 'Priorité',
    'As the policy has it' => 'Celle de la politique',
    'Due date' => 'Échéance',
    'The expected time of the first answer' => 'Le moment où la première réponse est attendue',
    'SLA plan' => 'Plan SLA',
    'As a label, and only together with the due date: osTicket computes nothing from it' =>
        'Comme étiquette, et seulement avec l\'échéance : osTicket n\'en calcule rien',
    'Department' => 'Département',
    'Where the policy names one' => 'Quand la politique en nomme un',
    'Tags' => 'Étiquettes',
    'In an internal field' => 'Dans un champ interne',
    'Details' => 'Détails',
    'Class, expected time, reason and state, in internal fields' =>
        'Catégorie, moment attendu, raison et état, dans des champs internes',
    'Note' => 'Note',
    'An internal note with the reasons' => 'Une note interne avec les raisons',
    'When the plugin is deleted' => 'À la suppression du plugiciel',
    'Either way, tickets keep their priority, and their due dates until the ticket is next edited.' =>
        'Dans tous les cas, les billets gardent leur priorité, et leur échéance jusqu\'à leur prochaine modification.',
    'Set-up' => 'Installation',
    'Also remove what it made: the fields with their values, SLA plans, canned responses, queue and tables' =>
        'Supprimer aussi ses champs et leurs valeurs, plans SLA, réponses types, file et tables',

    // What the form does not accept.
    'Nothing was saved: see the Config tab.' => 'Rien n\'a été enregistré : voyez l\'onglet Config.',
    'Enter the secret that you gave the service.' => 'Entrez le secret que vous avez donné au service.',
    'A secret is whsec_ followed by the base64 of 24 to 64 bytes. Copy it whole from the service, without quotes or spaces.' =>
        'Un secret est whsec_ suivi de 24 à 64 octets en base64. Copiez-le en entier depuis le service, sans guillemets ni espaces.',
    'Enter a full address such as https://policy.example.com/webhooks/osticket.' =>
        'Entrez une adresse complète, par exemple https://policy.example.com/webhooks/osticket.',
    'The address must have no user name, password or # part.' =>
        'L\'adresse ne doit contenir ni nom d\'utilisateur, ni mot de passe, ni partie après un #.',
    'Write the host as a name or as a plain IP address.' =>
        'Écrivez l\'hôte sous forme de nom ou d\'adresse IP ordinaire.',
    'Use https: over http, others could read what customers write. Only a service on this machine or in a private network may use http; tick the box for that below.' =>
        'Utilisez https : en http, d\'autres pourraient lire ce qu\'écrivent les clients. Seul un service sur cette machine ou dans un réseau privé peut utiliser http; cochez alors la case ci-dessous.',
    'This address is on this machine or in a private network. If the service really runs there, tick the box for that below.' =>
        'Cette adresse est sur cette machine ou dans un réseau privé. Si le service y tourne vraiment, cochez la case ci-dessous.',

    // What is set up.
    'Policy class' => 'Politique : catégorie',
    'Policy expected time' => 'Politique : moment attendu',
    'Policy reason' => 'Politique : raison',
    'Policy state' => 'Politique : état',
    'Policy tags' => 'Politique : étiquettes',
    'Support policy: by due date' => 'Politique de soutien : par échéance',
    'Next due date first' => 'Prochaine échéance d\'abord',
    'Ticket' => 'Billet',
    'Subject' => 'Sujet',
    'From' => 'De',
    'Made by Support Policy as a label. Leave it disabled: the due date comes from the policy, and osTicket would compute another.' =>
        'Créé par Support Policy comme étiquette. Laissez-le désactivé : l\'échéance vient de la politique, et osTicket en calculerait une autre.',
    'Send to Support Policy' => 'Envoyer à Support Policy',
    'The Support Policy service is asked about these tickets. This counts when the plugin is told to ask only about tickets that a filter sends.' =>
        'Le service Support Policy est interrogé sur ces billets. Cela compte quand le plugiciel ne doit l\'interroger que sur les billets envoyés par un filtre.',

    // What osTicket's log tells.
    'The plugin failed on "%1$s"; osTicket went on without it: %2$s (%3$s, line %4$d)' =>
        'Le plugiciel a échoué sur « %1$s »; osTicket a continué sans lui : %2$s (%3$s, ligne %4$d)',
    'Sending at once failed, cron will send: %s' =>
        'L\'envoi immédiat a échoué, le cron enverra : %s',
    'A request of the service failed: %1$s (%2$s, line %3$d)' =>
        'Une demande du service a échoué : %1$s (%2$s, ligne %3$d)',
    'There is no priority "%s" in osTicket any more, so tickets keep the one they have. Name one of the priorities so again.' =>
        'osTicket n\'a plus de priorité « %s » : les billets gardent donc la leur. Redonnez ce nom à l\'une des priorités.',
    'There is no department "%s" in osTicket, so tickets stay where they are. Correct its name in the service\'s settings.' =>
        'osTicket n\'a pas de département « %s » : les billets restent donc où ils sont. Corrigez ce nom dans les paramètres du service.',
    'The SLA plan for "%s" is not there any more; due dates are set all the same. Save the plugin\'s instance to make it again.' =>
        'Le plan SLA pour « %s » n\'existe plus; les échéances sont fixées quand même. Enregistrez l\'instance du plugiciel pour le recréer.',
    'A field of Support Policy is missing on Ticket Details (%s). Save the plugin\'s instance to make it again.' =>
        'Un champ de Support Policy manque dans les détails du billet (%s). Enregistrez l\'instance du plugiciel pour le recréer.',
    'Ticket #%s was deleted before the service was asked about it; it is not asked any more.' =>
        'Le billet nº %s a été supprimé avant que le service soit interrogé; il ne le sera plus.',
    'The service gave no decision on ticket #%1$s: %2$s. The ticket is as the customer left it, and is sent again by itself. Run "support-policy doctor" if this goes on.' =>
        'Le service n\'a donné aucune décision sur le billet nº %1$s : %2$s. Le billet est tel que le client l\'a laissé et sera renvoyé tout seul. Si cela continue, lancez « support-policy doctor ».',
    'The service answers again; what waited is being delivered.' =>
        'Le service répond de nouveau; ce qui attendait est en cours de livraison.',

    // What cannot be set up.
    'Support Policy could not set up or remove %s: %s. Save the plugin\'s instance to try again.' =>
        'Support Policy n\'a pas pu installer ou supprimer %s : %s. Enregistrez l\'instance du plugiciel pour réessayer.',
    'A table of Support Policy was missing and was made again, empty. Run "support-policy doctor".' =>
        'Une table de Support Policy manquait et a été recréée, vide. Lancez « support-policy doctor ».',
    'its tables' => 'ses tables',
    'its fields on Ticket Details' => 'ses champs dans les détails du billet',
    'its SLA plans' => 'ses plans SLA',
    'its canned responses' => 'ses réponses types',
    'its queue' => 'sa file',
    'due dates' => 'les échéances',
    'its filter action' => 'son action de filtre',
    'its memory of what it made' => 'sa liste de ce qu\'il a créé',

    // Asking permission for paid help.
    'Permission for paid help' => 'Permission pour de l\'aide payante',
    'While the plugin enforces: the service writes the request and what follows, and keeps the tags that begin with fee_.' =>
        'Pendant que le plugiciel applique : le service écrit la demande et ce qui suit, et tient les étiquettes qui commencent par fee_.',
    'Asking' => 'Demande',
    'Agents who may answer a ticket can have permission asked, in its More menu' =>
        'Les agents qui peuvent répondre à un billet peuvent faire demander la permission, dans son menu Plus',
    'Mail server that checks senders' => 'Serveur de courriel qui vérifie les expéditeurs',
    'The name with which your own mail server begins its Authentication-Results headers, such as mx.example.com. Only with it can customers accept by e-mail without a code. Leave it empty if that server lets such headers of others through.' =>
        'Le nom par lequel votre propre serveur de courriel commence ses en-têtes Authentication-Results, par exemple mx.example.com. Sans lui, les clients ne peuvent accepter par courriel qu\'avec un code. Laissez le champ vide si ce serveur laisse passer de tels en-têtes venus d\'ailleurs.',
    'Ask permission for paid help' => 'Demander la permission pour de l\'aide payante',
    'No price here: the service writes the request in both languages and sends it to the customer.' =>
        'Aucun prix ici : le service écrit la demande dans les deux langues et l\'envoie au client.',
    'Nothing was asked yet: please correct the form.' => 'Rien n\'a encore été demandé : veuillez corriger le formulaire.',
    'Nothing was asked: it failed. An admin finds the reason in the system log.' =>
        'Rien n\'a été demandé : un problème est survenu. Un administrateur en trouve la raison dans le journal du système.',
    'You may not answer this ticket.' => 'Vous ne pouvez pas répondre à ce billet.',
    'Why is it not included?' => 'Pourquoi n\'est-ce pas compris?',
    'It is outside standard support' => 'Cela dépasse le soutien standard',
    'Something is to be corrected on the customer\'s side' => 'Quelque chose est à corriger du côté du client',
    'What would be done, in one plain sentence that the customer reads' =>
        'Ce qui serait fait, en une phrase simple que le client lira',
    'How many blocks of time at most' => 'Combien de blocs de temps au plus',
    'Address of the person who may permit, if it is not the requester' =>
        'Adresse de la personne qui peut donner la permission, si ce n\'est pas le demandeur',
    'Cancel' => 'Annuler',
    'Ask' => 'Demander',
    'Choose a reason.' => 'Choisissez une raison.',
    'Write what would be done, in one plain sentence.' => 'Écrivez ce qui serait fait, en une phrase simple.',
    'One sentence of 300 characters at most.' => 'Une phrase de 300 caractères au plus.',
    'Enter a number of blocks that the policy lets you ask for.' =>
        'Entrez un nombre de blocs que la politique permet de demander.',
    'Enter an e-mail address, or nothing.' => 'Entrez une adresse de courriel, ou rien.',
    'Paid help: reason' => 'Aide payante : raison',
    'Paid help: what would be done' => 'Aide payante : ce qui serait fait',
    'Paid help: blocks' => 'Aide payante : blocs',
    'Paid help: who may permit' => 'Aide payante : qui peut donner la permission',
    'Paid help: asked by' => 'Aide payante : demandé par',
    'The customer is to be asked for permission for paid help. The Support Policy service writes and sends the request; until it does, the customer has received nothing.' =>
        'La permission pour de l\'aide payante est à demander au client. Le service Support Policy écrit et envoie la demande; d\'ici là, le client n\'a rien reçu.',
    'Reason:' => 'Raison :',
    'What would be done:' => 'Ce qui serait fait :',
    'Blocks, at most:' => 'Blocs, au plus :',
    'Who may permit:' => 'Qui peut donner la permission :',
    'Permission for paid help could not be asked: %1$s (%2$s, line %3$d)' =>
        'La permission pour de l\'aide payante n\'a pas pu être demandée : %1$s (%2$s, ligne %3$d)',
    'The service could not be told about paid help on ticket #%1$s: %2$s. It is told again by itself. Run "support-policy doctor" if this goes on.' =>
        'Le service n\'a pas pu être averti pour l\'aide payante du billet nº %1$s : %2$s. Il le sera de nouveau tout seul. Si cela continue, lancez « support-policy doctor ».',
];
