<?php
// SPDX-License-Identifier: GPL-2.0-or-later

return [
    'id' => 'support-policy:osticket',
    'version' => '0.1.0',
    'ost_version' => '1.17',
    'name' => 'Support Policy',
    'author' => 'The Support Policy contributors',
    'description' => 'Sorts new tickets by a written support policy:'
        . ' priority, expected time of the first answer, tags and the reasons, set by a service of your own.',
    'plugin' => 'support_policy.php:SupportPolicyPlugin',
];
