<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/**
 * The SLA plans that show a policy's targets on tickets.
 *
 * They are not active: osTicket still shows them and offers them to agents, but computes no due date
 * from them, which on business hours would be another than the policy's.
 */
final class Plans
{
    private const MADE = 'plan.';
    private const LONGEST_NAME = 64;

    public static function id(string $target): ?int
    {
        $id = Made::id(self::MADE . $target);
        return $id && \SLA::lookup($id) ? $id : null;
    }

    public static function isOurs(int $slaId): bool
    {
        return in_array($slaId, Made::all(self::MADE), true);
    }

    /** @return array<string, ?int> target → plan, null where it was deleted */
    public static function all(): array
    {
        $plans = [];
        foreach (Made::all(self::MADE) as $target => $id) {
            $plans[$target] = \SLA::lookup($id) ? $id : null;
        }
        return $plans;
    }

    /** @param list<array{target: string, name: array<string, string>, hours: int}> $plans */
    public static function install(string $language, array $plans): void
    {
        foreach ($plans as $plan) {
            if (!self::id($plan['target'])) {
                Made::remember(self::MADE . $plan['target'], self::create($plan, $language));
            }
        }
    }

    public static function uninstall(): void
    {
        foreach (array_filter(self::all()) as $id) {
            \SLA::lookup($id)->delete();
        }
    }

    /** @param array{target: string, name: array<string, string>, hours: int} $plan */
    private static function create(array $plan, string $language): int
    {
        $name = $plan['name'][$language];
        // Names are unique in osTicket, and one of an admin's making is not ours to use.
        for ($number = 2, $free = $name; \SLA::getIdByName($free); $number++) {
            $free = mb_substr($name, 0, self::LONGEST_NAME - 5) . " ($number)";
        }
        $sla = \SLA::create([
            'name' => $free,
            'grace_period' => $plan['hours'],
            'schedule_id' => 0,
            'flags' => 0,
            'notes' => Text::in($language, 'Made by Support Policy as a label. Leave it disabled: the due date comes from the policy, and osTicket would compute another.'),
        ]);
        $sla->save();
        return (int) $sla->getId();
    }
}
