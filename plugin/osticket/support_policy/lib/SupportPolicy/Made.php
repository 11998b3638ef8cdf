<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/**
 * The numbers of what the plugin made in osTicket, whatever it is called now.
 *
 * They outlive the plugin's own settings, so that installing it again finds what is there.
 */
final class Made
{
    private const NAMESPACE = 'support-policy.made';

    /** @var ?array<string, int> read once in a request: every ticket that is saved asks for some of it */
    private static ?array $made = null;

    public static function id(string $what): ?int
    {
        return self::made()[$what] ?? null;
    }

    public static function remember(string $what, int $id): void
    {
        $row = \ConfigItem::objects()->filter(['namespace' => self::NAMESPACE, 'key' => $what])->first()
            ?: new \ConfigItem(['namespace' => self::NAMESPACE, 'key' => $what]);
        $row->value = (string) $id;
        $row->save();
        self::$made = null;
    }

    /** @return array<string, int> those whose names start so, without the start */
    public static function all(string $start): array
    {
        $found = [];
        foreach (self::made() as $what => $id) {
            if (str_starts_with($what, $start)) {
                $found[substr($what, strlen($start))] = $id;
            }
        }
        return $found;
    }

    public static function forgetAll(): void
    {
        \ConfigItem::objects()->filter(['namespace' => self::NAMESPACE])->delete();
        self::$made = null;
    }

    /** @return array<string, int> */
    private static function made(): array
    {
        if (self::$made === null) {
            $rows = \ConfigItem::objects()->filter(['namespace' => self::NAMESPACE])->values_flat('key', 'value');
            self::$made = [];
            foreach ($rows as [$what, $id]) {
                self::$made[$what] = (int) $id;
            }
        }
        return self::$made;
    }
}
