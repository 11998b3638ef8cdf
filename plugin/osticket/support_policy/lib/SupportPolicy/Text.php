<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/**
 * What people read, in their language.
 *
 * The domain has a dash on purpose: osTicket derives a domain from the plugin's folder by itself,
 * looks for it in its own folder, and would keep the empty outcome under that name.
 */
final class Text
{
    private const DOMAIN = 'support-policy';

    /** In the language of who reads the page. */
    public static function of(string $english): string
    {
        return (string) self::domain()->getTranslation()->translate($english);
    }

    /** In a language of its own: what stays on tickets is not written in the language of who opens it. */
    public static function in(string $language, string $english): string
    {
        $locale = $language === 'fr' ? 'fr' : 'en_US';
        return (string) self::domain()->getTranslation(LC_MESSAGES, $locale)->translate($english);
    }

    /** The help desk's primary language: French, or else English. */
    public static function primary(): string
    {
        // Not $cfg: plugins start before osTicket has set it.
        $row = \ConfigItem::lookup(['namespace' => 'core', 'key' => 'system_language']);
        return self::known($row ? (string) $row->value : '');
    }

    public static function known(string $locale): string
    {
        return preg_match('/^fr([_-]|$)/i', $locale) ? 'fr' : 'en';
    }

    private static function domain(): \TextDomain
    {
        $domain = \TextDomain::lookup(self::DOMAIN);
        $domain->setPath(dirname(__DIR__, 2) . '/i18n/');
        return $domain;
    }
}
