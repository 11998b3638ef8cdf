<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** What the plugin sets up in osTicket: made where it is missing, never made twice. */
final class Installation
{
    /** A memo: whether the form says to remove what was made. */
    public const IS_ALL_REMOVED = 'remove_everything';

    private const TABLES = ['sp_outbox', 'sp_ticket', 'sp_memo', 'sp_hint'];

    /** @return bool whether all of it is there */
    public static function install(): bool
    {
        $language = Text::primary();
        $setup = self::setup();
        return self::each([
            /* @trans */ 'its tables' => self::createTables(...),
            /* @trans */ 'its fields on Ticket Details' => fn () => Fields::install($language, $setup['tags']),
            /* @trans */ 'its SLA plans' => fn () => Plans::install($language, $setup['plans']),
            /* @trans */ 'its canned responses' => fn () => CannedResponses::install($setup['canned']),
            /* @trans */ 'its queue' => fn () => DueQueue::install($language),
            /* @trans */ 'due dates' => DueDateKeeper::restore(...),
        ]);
    }

    /** What may have gone while the plugin was away, or with a backup that knew nothing of it. */
    public static function heal(): void
    {
        self::each([
            'its tables' => self::restoreTables(...),
            'due dates' => DueDateKeeper::restore(...),
        ]);
    }

    /** Takes away what cannot stay without the plugin, and the rest when the form said so. */
    public static function uninstall(): void
    {
        self::each([/* @trans */ 'its filter action' => self::removeAction(...)]);
        if (Memo::get(self::IS_ALL_REMOVED) === '1') {
            self::each([
                // The queue shows one of the fields: it goes first.
                'its queue' => DueQueue::uninstall(...),
                'its fields on Ticket Details' => Fields::uninstall(...),
                'its SLA plans' => Plans::uninstall(...),
                'its canned responses' => CannedResponses::uninstall(...),
                'its tables' => self::dropTables(...),
                /* @trans */ 'its memory of what it made' => Made::forgetAll(...),
            ]);
        }
    }

    /**
     * One that fails leaves the others their turn.
     *
     * @param array<string, \Closure(): void> $steps what each is about → what it does
     * @return bool whether none failed
     */
    private static function each(array $steps): bool
    {
        $failed = 0;
        foreach ($steps as $what => $step) {
            try {
                $step();
            } catch (\Throwable $trouble) {
                $failed++;
                self::log($what, $trouble);
            }
        }
        return $failed === 0;
    }

    /**
     * What the policy's fee comes to here; null when it has none.
     *
     * @return ?array{most_blocks: int, words: list<string>, amounts: list<string>}
     */
    public static function paidHelp(): ?array
    {
        return self::setup()['paid_help'] ?? null;
    }

    /** @return array{tags: list<string>, plans: list<array>, canned: list<array>, paid_help: ?array<string, mixed>} */
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

    private static function createTables(): void
    {
        Memo::createTable();
        Outbox::createTable();
        State::createTable();
        Hints::createTable();
    }

    private static function restoreTables(): void
    {
        try {
            foreach (self::TABLES as $table) {
                Database::rows('SELECT 1 FROM ' . Database::table($table) . ' LIMIT 1');
            }
        } catch (\RuntimeException) {
            self::createTables();
            Trouble::write(/* @trans */ 'A table of Support Policy was missing and was made again, empty. Run "support-policy doctor".');
        }
    }

    private static function dropTables(): void
    {
        foreach (self::TABLES as $table) {
            Database::run('DROP TABLE IF EXISTS ' . Database::table($table));
        }
    }

    private static function log(string $what, \Throwable $trouble): void
    {
        $text = /* @trans */ 'Support Policy could not set up or remove %s: %s. Save the plugin\'s instance to try again.';
        // Cron tries again and again, and says so once an hour; what was said is kept in one of the tables.
        $what === 'its tables'
            ? Trouble::write($text, $what, $trouble->getMessage())
            : Trouble::log("set-up $what", $text, $what, $trouble->getMessage());
    }
}
