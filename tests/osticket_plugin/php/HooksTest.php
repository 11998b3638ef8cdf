<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

require_once __DIR__ . '/stand_ins/signals.php';

use PHPUnit\Framework\TestCase;
use SupportPolicy\Hooks;
use SupportPolicy\Settings;

/** Without a database and with a ticket that fails at everything, osTicket still goes its way. */
final class HooksTest extends TestCase
{
    private string $log;

    protected function setUp(): void
    {
        $this->log = (string) tempnam(sys_get_temp_dir(), 'log');
        ini_set('error_log', $this->log);
        Hooks::connect(Settings::fromConfig([]), '0.1.0');
    }

    protected function tearDown(): void
    {
        ini_restore('error_log');
        unlink($this->log);
    }

    /** @dataProvider signals */
    public function test_what_fails_in_the_plugin_does_not_reach_osticket(string $signal, mixed $object, mixed $data): void
    {
        Signal::send($signal, $object, $data);
        self::assertStringContainsString("failed on \"$signal\"", (string) file_get_contents($this->log));
    }

    public static function signals(): iterable
    {
        require_once __DIR__ . '/stand_ins/signals.php';
        yield 'a new ticket' => ['ticket.created', new Ticket(), null];
        yield 'a changed due date' => ['model.updated', new Ticket(), ['dirty' => ['est_duedate' => null]]];
        yield 'an edit' => ['model.updated', new Ticket(), null];
        yield 'an answer' => ['threadentry.created', new Ticket(), null];
        yield 'cron' => ['cron', null, ['autocron' => true]];
        yield 'the API' => ['api', null, null];
    }

    public function test_a_change_that_concerns_no_due_date_costs_nothing(): void
    {
        Signal::send('model.updated', new Ticket(), ['dirty' => ['lastupdate' => null, 'isanswered' => 0]]);
        self::assertSame('', file_get_contents($this->log));
    }

    public function test_whatever_is_sent_to_create_a_ticket_is_taken(): void
    {
        foreach ([null, 'text', [], ['mailflags' => 'x'], ['mailflags' => ['bounce' => true]]] as $vars) {
            Signal::send('ticket.create.before', null, $vars);
        }
        self::assertSame('', file_get_contents($this->log));
    }

    public function test_a_signal_is_listened_to_once(): void
    {
        Hooks::connect(Settings::fromConfig([]), '0.1.0');
        self::assertCount(1, Signal::$listeners['ticket.created']);
    }
}
