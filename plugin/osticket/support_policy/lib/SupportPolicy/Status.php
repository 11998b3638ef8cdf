<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** The facts about this help desk that the service's doctor examines. */
final class Status
{
    /** @return array<string, mixed> status.json */
    public static function facts(Settings $settings, string $version): array
    {
        global $cfg;

        return [
            'plugin' => $version,
            'helpdesk' => self::helpdesk(),
            'php' => PHP_VERSION,
            'now' => Instant::spell(time()),
            'mode' => $settings->mode,
            'tickets' => $settings->tickets,
            'time_zones' => [
                'database' => (string) $cfg->getDbTimezone(),
                'default' => (string) $cfg->getDefaultTimezone(),
                'php' => date_default_timezone_get(),
            ],
            'cron' => self::cron(),
            'schedule' => self::schedule(),
            'departments_with_schedule' => self::departments(),
            'outbox' => self::outbox(),
            'columns' => Fields::columns(),
            'fields' => self::fields(),
            'priorities' => array_map(strtolower(...), array_column(Database::rows(
                'SELECT priority FROM ' . PRIORITY_TABLE . ' ORDER BY priority_urgency DESC'
            ), 'priority')),
            'plans' => array_map(fn (?int $id) => $id !== null, Plans::all()) ?: (object) [],
            'queue' => DueQueue::exists(),
            'canned' => CannedResponses::count(),
            'canned_about_fee' => FeeMentions::found(),
            'paid_help' => $settings->asks(),
            'link_by_mail' => (bool) $cfg->isClientEmailVerificationRequired(),
            'service' => self::service($settings->url),
            'writes' => $settings->writes,
        ];
    }

    public static function helpdesk(): string
    {
        return defined('THIS_VERSION') ? (string) THIS_VERSION : '';
    }

    /** @return array{last_at: ?string, last_auto: ?bool} */
    private static function cron(): array
    {
        [$at, $auto] = [Memo::get('cron.last_at'), Memo::get('cron.last_auto')];
        return [
            'last_at' => $at === null ? null : Instant::spell((int) $at),
            'last_auto' => $auto === null ? null : $auto === '1',
        ];
    }

    /** @return ?array{id: int, name: string, us_holidays: bool} */
    private static function schedule(): ?array
    {
        global $cfg;

        $schedule = $cfg->getDefaultSchedule();
        if (!$schedule) {
            return null;
        }
        $name = (string) $schedule->getName();
        $holidays = Database::value(
            'SELECT GROUP_CONCAT(name) FROM ' . SCHEDULE_TABLE . ' WHERE id IN (' . self::holidayIds($schedule) . ')'
        );
        return [
            'id' => (int) $schedule->getId(),
            'name' => $name,
            'us_holidays' => (bool) preg_match('/\bU\.?S\.?\b/', "$name $holidays"),
        ];
    }

    private static function holidayIds(\Schedule $schedule): string
    {
        $ids = array_map(intval(...), (array) ($schedule->getConfiguration()['holidays'] ?? []));
        return implode(',', [0, ...$ids]);
    }

    /** @return list<string> */
    private static function departments(): array
    {
        return array_column(Database::rows(
            'SELECT name FROM ' . DEPT_TABLE . ' WHERE schedule_id > 0 ORDER BY name'
        ), 'name');
    }

    /** @return array<string, mixed> */
    private static function outbox(): array
    {
        [$summary, $hints] = [Outbox::summary(), Hints::summary()];
        $summary['waiting'] += $hints['waiting'];
        $oldest = array_filter([$summary['oldest'], $hints['oldest']], is_int(...));
        $summary['oldest'] = Instant::spell($oldest ? min($oldest) : null);
        $summary['last_error'] = $summary['last_error'] ?: $hints['last_error'];
        $summary['last_delivered_at'] = Instant::spell($summary['last_delivered_at']);
        return $summary;
    }

    /** @return array<string, bool> */
    private static function fields(): array
    {
        $present = [];
        foreach (Fields::NAMES as $name) {
            $present[$name] = Fields::find($name) !== null;
        }
        return $present;
    }

    private static function service(string $url): string
    {
        $parts = parse_url($url) ?: [];
        $port = $parts['port'] ?? (($parts['scheme'] ?? '') === 'http' ? 80 : 443);
        return isset($parts['host']) ? "$parts[host]:$port" : '';
    }
}
