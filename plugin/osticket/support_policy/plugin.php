<?php
// SPDX-License-Identifier: GPL-2.0-or-later

// osTicket asks for no version of PHP. On one that could not read our code it is told so where it
// names what a plugin needs, and loads nothing of ours.
$is_readable = PHP_VERSION_ID >= 80100;

return [
    'id' => 'support-policy:osticket',
    'version' => '0.1.0',
    'ost_version' => $is_readable ? '1.17' : '8.1 of PHP',
    'name' => 'Support Policy',
    'author' => 'The Support Policy contributors',
    'description' => 'Sorts new tickets by a written support policy:'
        . ' priority, expected time of the first answer, tags and the reasons, set by a service of your own.',
] + ($is_readable ? ['plugin' => 'support_policy.php:SupportPolicyPlugin'] : []);
