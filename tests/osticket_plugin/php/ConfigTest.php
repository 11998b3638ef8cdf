<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

require_once __DIR__ . '/stand_ins/forms.php';
require_once __DIR__ . '/stand_ins/texts.php';
// The plugin asks for osTicket's own forms by file: here the stand-ins are there already.
defined('INCLUDE_DIR') || define('INCLUDE_DIR', __DIR__ . '/stand_ins/empty/');
require_once PLUGIN . '/config.php';

use PHPUnit\Framework\TestCase;
use SupportPolicy\Settings;

final class ConfigTest extends TestCase
{
    private const OLD = 'whsec_YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFh';
    private const NEW = 'whsec_YmJiYmJiYmJiYmJiYmJiYmJiYmJiYmJi';

    public function test_what_can_be_used_is_saved(): void
    {
        [$saved, , $errors] = $this->save([], ['secret' => self::NEW]);
        self::assertTrue($saved);
        self::assertSame([], $errors);
    }

    public function test_the_first_time_a_secret_is_needed(): void
    {
        [$saved, , $errors, $config] = $this->save([], []);
        self::assertFalse($saved);
        self::assertSame(['Enter the secret that you gave the service.'], $config->getForm()->getField('secret')->errors);
        self::assertArrayHasKey('err', $errors);
    }

    public function test_later_an_empty_secret_means_as_before(): void
    {
        [$saved, $values] = $this->save(['secret' => self::OLD], []);
        self::assertTrue($saved);
        self::assertSame('', $values['previous_secret']);
    }

    public function test_a_new_secret_keeps_the_old_one_as_the_previous(): void
    {
        [, $values] = $this->save(['secret' => self::OLD], ['secret' => self::NEW]);
        self::assertSame([self::NEW, self::OLD], [$values['secret'], $values['previous_secret']]);
    }

    public function test_the_same_secret_again_changes_nothing(): void
    {
        [, $values] = $this->save(['secret' => self::OLD], ['secret' => self::OLD]);
        self::assertSame('', $values['previous_secret']);
    }

    public function test_a_previous_secret_that_is_typed_goes_before_the_one_in_use(): void
    {
        $typed = ['secret' => self::NEW, 'previous_secret' => self::NEW];
        [, $values] = $this->save(['secret' => self::OLD], $typed);
        self::assertSame(self::NEW, $values['previous_secret']);
    }

    public function test_every_mistake_is_told_at_once_beside_its_field_and_no_secret_is_repeated(): void
    {
        $wrong = ['url' => 'ftp://policy.example.com/', 'secret' => 'hunter2hunter2', 'previous_secret' => 'x'];
        [$saved, , , $config] = $this->save([], $wrong);
        self::assertFalse($saved);
        foreach (array_keys($wrong) as $name) {
            $told = implode(' ', $config->getForm()->getField($name)->errors);
            self::assertNotSame('', $told);
            self::assertStringNotContainsString('hunter2', $told);
        }
    }

    public function test_a_service_on_this_machine_needs_its_tick(): void
    {
        $here = ['url' => 'http://127.0.0.1:8001/webhooks/osticket', 'secret' => self::NEW];
        self::assertFalse($this->save([], $here)[0]);
        self::assertTrue($this->save([], ['allow_private' => true] + $here)[0]);
    }

    public function test_every_field_goes_by_its_name_however_often_the_form_is_made(): void
    {
        $config = new SupportPolicyConfig();
        $config->getOptions();
        foreach ($config->getOptions() as $name => $field) {
            self::assertSame($name, $field->get('id'));
        }
    }

    public function test_the_form_begins_with_what_the_settings_take_for_granted(): void
    {
        $config = new SupportPolicyConfig();
        $defaults = array_map(static fn (FormField $field) => $field->get('default'), $config->getOptions());
        self::assertEquals(Settings::fromConfig([]), Settings::fromConfig($defaults));
        self::assertFalse($defaults['remove_everything']);
    }

    /** @return array{bool, array, array, SupportPolicyConfig} */
    private function save(array $stored, array $typed): array
    {
        $config = new SupportPolicyConfig($stored);
        $values = $typed + [
            'url' => 'https://8.8.8.8/webhooks/osticket',
            'allow_private' => false,
            'secret' => '',
            'previous_secret' => '',
        ];
        $errors = [];
        $saved = $config->pre_save($values, $errors);
        return [$saved, $values, $errors, $config];
    }
}
