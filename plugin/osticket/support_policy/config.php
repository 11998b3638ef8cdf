<?php
// SPDX-License-Identifier: GPL-2.0-or-later

require_once INCLUDE_DIR . 'class.forms.php';

use SupportPolicy\Address;
use SupportPolicy\Installation;
use SupportPolicy\Memo;
use SupportPolicy\Pause;
use SupportPolicy\Settings;
use SupportPolicy\Text;

/** The form of the plugin's instance, and what it asks of the answers. */
class SupportPolicyConfig extends PluginConfig
{
    private const WRITES = [
        'priority' => [/* @trans */ 'Priority', /* @trans */ 'As the policy has it'],
        'due_at' => [/* @trans */ 'Due date', /* @trans */ 'The expected time of the first answer'],
        'plan' => [/* @trans */ 'SLA plan', /* @trans */ 'As a label, and only together with the due date: osTicket computes nothing from it'],
        'department' => [/* @trans */ 'Department', /* @trans */ 'Where the policy names one'],
        'tags' => [/* @trans */ 'Tags', /* @trans */ 'In an internal field'],
        'fields' => [/* @trans */ 'Details', /* @trans */ 'Class, expected time, reason and state, in internal fields'],
        'note' => [/* @trans */ 'Note', /* @trans */ 'An internal note with the reasons'],
    ];

    public function getOptions()
    {
        $options = $this->service() + $this->choices() + $this->writes() + $this->paidHelp() + $this->removal();
        foreach ($options as $name => $field) {
            // By itself osTicket counts fields as they are made, and reads a tick by that number:
            // made once more in a request, another box would be the ticked one.
            $field->set('id', $name);
        }
        return $options;
    }

    /** @return array<string, mixed> what Settings reads */
    public function values(): array
    {
        $values = [];
        foreach ($this->getOptions() as $name => $field) {
            if ($field->hasData()) {
                $values[$name] = $this->get($name);
            }
        }
        return $values;
    }

    /** @return bool whether to save; osTicket shows what was added to the fields */
    public function pre_save(&$config, &$errors)
    {
        $problems = array_filter([
            'url' => Address::problem($config['url'], (bool) $config['allow_private'], Address::lookUp(...)),
            'secret' => $this->secretProblem((string) $config['secret'], (bool) $this->get('secret')),
            'previous_secret' => $this->secretProblem((string) $config['previous_secret'], true),
        ]);
        foreach ($problems as $name => $english) {
            $this->getForm()->getField($name)->addError(Text::of($english));
        }
        if ($problems) {
            $errors['err'] = Text::of('Nothing was saved: see the Config tab.');
            return false;
        }
        $this->keepPrevious($config);
        return true;
    }

    public function store(?SimpleForm $form = null, &$errors = [])
    {
        if (!parent::store($form, $errors)) {
            return false;
        }
        $form = $form ?: $this->getForm();
        // An empty password field means "as before": only the tick can mean "none".
        if ($form->getField('forget_previous')->getClean()) {
            $this->updateAll(['previous_secret' => '', 'forget_previous' => '0']);
        }
        Installation::install();
        // These settings may be gone, with their instance, long before the plugin is deleted.
        Memo::set(Installation::IS_ALL_REMOVED, (string) (int) $form->getField('remove_everything')->getClean());
        Pause::end(); // a new address is worth a try at once
        return true;
    }

    /** The secret until now stays good: the service may get the new one a little later. */
    private function keepPrevious(array &$config): void
    {
        $until_now = (string) $this->get('secret');
        if ($config['secret'] && $until_now && $config['secret'] !== $until_now && !$config['previous_secret']) {
            $config['previous_secret'] = $until_now;
        }
    }

    private function secretProblem(string $typed, bool $may_be_empty): string
    {
        return match (true) {
            $typed === '' && $may_be_empty, $typed !== '' && Settings::isSecret($typed) => '',
            $typed === '' => /* @trans */ 'Enter the secret that you gave the service.',
            default => /* @trans */ 'A secret is whsec_ followed by the base64 of 24 to 64 bytes. Copy it whole from the service, without quotes or spaces.',
        };
    }

    private function service(): array
    {
        return [
            'service_part' => new SectionBreakField([
                'label' => Text::of('The service'),
                'hint' => Text::of('The Support Policy service judges tickets by your policy; this plugin asks it and writes the answer.'),
            ]),
            'url' => new TextboxField([
                'label' => Text::of('Address of the service'),
                'hint' => Text::of('Ends in /webhooks/osticket.'),
                'required' => true,
                'configuration' => [
                    'size' => 60, 'length' => 500, 'placeholder' => 'https://policy.example.com/webhooks/osticket',
                ],
            ]),
            'allow_private' => $this->box(
                Text::of('Private network'),
                Text::of('The service runs on this machine or in a private network')
            ),
            'secret' => $this->secret(Text::of('Secret'), Text::of(
                'whsec_…, the same as in the service. Leave it empty to keep the one in use. A new one takes the place of the old, which stays good as the previous one.'
            )),
            'previous_secret' => $this->secret(Text::of('Previous secret'), Text::of(
                'Only while secrets are being changed. Leave it empty to keep it.'
            )),
            'forget_previous' => $this->box(
                Text::of('Changing secrets'),
                Text::of('Forget the previous secret')
            ),
        ];
    }

    private function choices(): array
    {
        return [
            'choices_part' => new SectionBreakField(['label' => Text::of('What it does')]),
            'mode' => new ChoiceField([
                'label' => Text::of('Mode'),
                'hint' => Text::of('Observe first, compare with what your agents decide, then enforce.'),
                'default' => 'observe',
                'choices' => [
                    'observe' => Text::of('Observe: change nothing on tickets'),
                    'enforce' => Text::of('Enforce: write decisions to tickets'),
                ],
            ]),
            'tickets' => new ChoiceField([
                'label' => Text::of('Tickets'),
                'hint' => Text::of('For the second, give ticket filters the action “Send to Support Policy”.'),
                'default' => 'all',
                'choices' => [
                    'all' => Text::of('All new tickets'),
                    'filtered' => Text::of('Only those that a ticket filter sends'),
                ],
            ]),
        ];
    }

    private function writes(): array
    {
        $options = ['writes_part' => new SectionBreakField([
            'label' => Text::of('What it may write'),
            'hint' => Text::of('What an agent has chosen on a ticket stays as it is.'),
        ])];
        foreach (self::WRITES as $what => [$label, $text]) {
            $at_first = in_array($what, Settings::WRITES_AT_FIRST, true);
            $options["write_$what"] = $this->box(Text::of($label), Text::of($text), $at_first);
        }
        return $options;
    }

    private function paidHelp(): array
    {
        return [
            'paid_help_part' => new SectionBreakField([
                'label' => Text::of('Permission for paid help'),
                'hint' => Text::of('While the plugin enforces: the service writes the request and what follows, and keeps the tags that begin with fee_.'),
            ]),
            'paid_help' => $this->box(
                Text::of('Asking'),
                Text::of('Agents who may answer a ticket can have permission asked, in its More menu'),
                true
            ),
            'trusted_authserv' => new TextboxField([
                'label' => Text::of('Mail server that checks senders'),
                'hint' => Text::of('The name with which your own mail server begins its Authentication-Results headers, such as mx.example.com. Only with it can customers accept by e-mail without a code. Leave it empty if that server lets such headers of others through.'),
                'required' => false,
                'configuration' => ['size' => 40, 'length' => 255, 'placeholder' => 'mx.example.com'],
            ]),
        ];
    }

    private function removal(): array
    {
        return [
            'removal_part' => new SectionBreakField([
                'label' => Text::of('When the plugin is deleted'),
                'hint' => Text::of('Either way, tickets keep their priority, and their due dates until the ticket is next edited.'),
            ]),
            'remove_everything' => $this->box(
                Text::of('Set-up'),
                Text::of('Also remove what it made: the fields with their values, SLA plans, canned responses, queue and tables')
            ),
        ];
    }

    private function box(string $label, string $text, bool $ticked = false): BooleanField
    {
        return new BooleanField(['label' => $label, 'default' => $ticked, 'configuration' => ['desc' => $text]]);
    }

    private function secret(string $label, string $hint): PasswordField
    {
        return new PasswordField([
            'label' => $label,
            'hint' => $hint,
            'required' => false,
            // osTicket's own check is for people's passwords; pre_save() has ours.
            'validator' => 'noop',
            'configuration' => ['size' => 60, 'length' => 120, 'key' => 'support-policy'],
        ]);
    }
}
