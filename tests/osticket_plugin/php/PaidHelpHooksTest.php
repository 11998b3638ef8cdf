<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

require_once __DIR__ . '/stand_ins/signals.php';

use PHPUnit\Framework\TestCase;
use SupportPolicy\Hooks;
use SupportPolicy\Settings;

/**
 * Where agents may ask, what fails still stays here.
 *
 * @runTestsInSeparateProcesses
 */
final class PaidHelpHooksTest extends TestCase
{
    private const ENFORCING = [
        'mode' => 'enforce',
        'url' => 'https://policy.example.com/webhooks/osticket',
        'secret' => 'whsec_bWFkZSB1cCBmb3IgdGVzdHMsIG5vIHNlY3JldA==',
    ];

    private string $log;

    protected function setUp(): void
    {
        $this->log = (string) tempnam(sys_get_temp_dir(), 'log');
        ini_set('error_log', $this->log);
    }

    protected function tearDown(): void
    {
        unlink($this->log);
    }

    /** @dataProvider signals */
    public function test_what_fails_does_not_reach_osticket(string $signal, mixed $data): void
    {
        require_once __DIR__ . '/stand_ins/signals.php';
        Hooks::connect(Settings::fromConfig(self::ENFORCING), '0.1.0');
        Signal::send($signal, new Ticket(), $data);
        self::assertStringContainsString("failed on \"$signal\"", (string) file_get_contents($this->log));
    }

    public static function signals(): iterable
    {
        yield 'the More menu' => ['ticket.view.more', []];
        yield 'the pages of agents' => ['ajax.scp', null];
        yield 'a message' => ['threadentry.created', null];
    }

    /** @dataProvider quiet */
    public function test_where_nobody_may_ask_nothing_is_shown(array $values): void
    {
        require_once __DIR__ . '/stand_ins/signals.php';
        Hooks::connect(Settings::fromConfig($values + self::ENFORCING), '0.1.0');
        $this->expectOutputString('');
        Signal::send('ticket.view.more', new Ticket(), []);
        Signal::send('ajax.scp', new Ticket(), null);
        self::assertSame('', file_get_contents($this->log));
    }

    public static function quiet(): iterable
    {
        yield 'observing' => [['mode' => 'observe']];
        yield 'not wanted' => [['paid_help' => '0']];
        yield 'without a secret' => [['secret' => '']];
    }
}
