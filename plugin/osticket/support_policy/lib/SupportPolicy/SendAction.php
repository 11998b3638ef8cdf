<?php
// SPDX-License-Identifier: GPL-2.0-or-later

namespace SupportPolicy;

/** The ticket-filter action by which an admin picks the tickets that the service is asked about. */
final class SendAction extends \TriggerAction
{
    public static $type = 'support_policy';

    public static $name = /* @trans */ 'Send to Support Policy';

    // osTicket writes to it without declaring it.
    public $_cform;

    public static function getName()
    {
        return Text::of(self::$name);
    }

    public function apply(&$ticket, array $info)
    {
        Hooks::select();
    }

    public function getConfigurationOptions()
    {
        return ['' => new \FreeTextField(['configuration' => [
            'content' => \Format::htmlchars(Text::of(
                'The Support Policy service is asked about these tickets. This counts when the plugin is told to ask only about tickets that a filter sends.'
            )),
        ]])];
    }
}
