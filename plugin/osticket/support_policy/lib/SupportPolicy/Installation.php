<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** What the plugin sets up in osTicket: made where it is missing, never made twice. */
final class Installation
{
    public static function install(): void
    {
        $language = Text::primary();
        $setup = self::setup();
        self::each([
            /* @trans */ 'its tables' => static function (): void {
                Outbox::createTable();
                State::createTable();
            },
            /* @trans */ 'its fields on Ticket Details' => fn () => Fields::install($language, $setup['tags']),
            /* @trans */ 'its SLA plans' => fn () => Plans::install($language, $setup['plans']),
            /* @trans */ 'its canned responses' => fn () => CannedResponses::install($setup['canned']),
            /* @trans */ 'its queue' => fn () => DueQueue::install($language),
        ]);
    }

    /** @param bool $everything whether to take away more than what cannot stay without the plugin */
    public static function uninstall(bool $everything): void
    {
        self::each([/* @trans */ 'its filter action' => self::removeAction(...)]);
        if ($everything) {
            self::each([
                // The queue shows one of the fields: it goes first.
                /* @trans */ 'its queue' => DueQueue::uninstall(...),
                /* @trans */ 'its fields on Ticket Details' => Fields::uninstall(...),
                /* @trans */ 'its SLA plans' => Plans::uninstall(...),
                /* @trans */ 'its canned responses' => CannedResponses::uninstall(...),
                /* @trans */ 'its tables' => self::dropTables(...),
                /* @trans */ 'its memory of what it made' => Made::forgetAll(...),
            ]);
        }
    }

    /**
     * One that fails leaves the others their turn.
     *
     * @param array<string, \Closure(): void> $steps what each is about → what it does
     */
    private static function each(array $steps): void
    {
        foreach ($steps as $what => $step) {
            try {
                $step();
            } catch (\Throwable $trouble) {
                self::log($what, $trouble);
            }
        }
    }

    /** @return array{tags: list<string>, plans: list<array>, canned: list<array>} */
    private static function setup(): array
    {
        $file = dirname(__DIR__, 2) . '/data/setup.json';
        return json_decode((string) file_get_contents($file), true, 16, JSON_THROW_ON_ERROR);
    }

    /** osTicket refuses to create a ticket that a filter with an action it does not know matches. */
    private static function removeAction(): void
    {
        \FilterAction::objects()->filter(['type' => SendAction::$type])->delete();
    }

    private static function dropTables(): void
    {
        foreach (['sp_outbox', 'sp_ticket', 'sp_memo'] as $table) {
            db_query('DROP TABLE IF EXISTS `' . TABLE_PREFIX . $table . '`');
        }
    }

    private static function log(string $what, \Throwable $trouble): void
    {
        global $ost;

        $message = sprintf(
            Text::of('Support Policy could not set up or remove %s: %s. Save the plugin\'s instance to try again.'),
            Text::of($what),
            $trouble->getMessage()
        );
        // osTicket takes the text for HTML.
        $ost ? $ost->logError('Support Policy', \Format::htmlchars($message), false) : error_log($message);
    }
}
