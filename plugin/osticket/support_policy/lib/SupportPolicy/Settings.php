<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** What the admin chose. */
final class Settings
{
    /** What the plugin may write, in the order of the form. */
    public const WRITES = ['priority', 'due_at', 'plan', 'department', 'tags', 'fields', 'note'];

    /** What it writes unless the admin says otherwise: a department moves who sees a ticket. */
    public const WRITES_AT_FIRST = ['priority', 'due_at', 'plan', 'tags', 'fields', 'note'];

    /**
     * @param list<string> $secrets as written, the current one first
     * @param list<string> $writes  of WRITES
     */
    private function __construct(
        public readonly string $url,
        public readonly array $secrets,
        public readonly string $mode,
        public readonly string $tickets,
        public readonly array $writes,
        public readonly bool $allowPrivate,
        public readonly string $language,
        public readonly bool $paidHelp,
        public readonly string $trustedAuthserv,
    ) {
    }

    /** @param array<string, mixed> $values as osTicket gives them: a choice comes as {key: label} */
    public static function fromConfig(array $values): self
    {
        $secrets = array_map(fn ($key) => self::text($values, $key), ['secret', 'previous_secret']);
        return new self(
            url: self::text($values, 'url'),
            secrets: array_values(array_unique(array_filter($secrets, self::isSecret(...)))),
            mode: self::text($values, 'mode') === 'enforce' ? 'enforce' : 'observe',
            tickets: self::text($values, 'tickets') === 'filtered' ? 'filtered' : 'all',
            writes: self::writes($values),
            allowPrivate: (bool) ($values['allow_private'] ?? false),
            language: self::text($values, 'language') === 'fr' ? 'fr' : 'en',
            paidHelp: (bool) ($values['paid_help'] ?? true),
            trustedAuthserv: strtolower(self::text($values, 'trusted_authserv')),
        );
    }

    /** Whether anything can be sent. */
    public function usable(): bool
    {
        return $this->secrets !== [] && Address::problem($this->url, $this->allowPrivate) === '';
    }

    /** Whether agents may have permission for paid help asked: it leads to messages and tags of ours. */
    public function asks(): bool
    {
        return $this->paidHelp && $this->mode === 'enforce' && $this->usable();
    }

    /** Whether a text is a secret as Standard Webhooks writes them: 24 to 64 bytes. */
    public static function isSecret(string $text): bool
    {
        if (!preg_match('~^whsec_([A-Za-z0-9+/]+={0,2})$~D', $text, $found)) {
            return false;
        }
        $bytes = base64_decode($found[1], true);
        return $bytes !== false && strlen($bytes) >= 24 && strlen($bytes) <= 64;
    }

    /** @param array<string, mixed> $values */
    private static function text(array $values, string $key): string
    {
        $value = $values[$key] ?? '';
        if (is_array($value)) {
            $value = array_key_first($value) ?? '';
        }
        return is_scalar($value) ? trim((string) $value) : '';
    }

    /**
     * @param array<string, mixed> $values
     * @return list<string>
     */
    private static function writes(array $values): array
    {
        return array_values(array_filter(
            self::WRITES,
            fn (string $what) => (bool) ($values["write_$what"] ?? in_array($what, self::WRITES_AT_FIRST, true)),
        ));
    }
}
