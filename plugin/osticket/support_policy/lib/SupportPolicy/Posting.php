<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** What the service brings onto a ticket about paid help, once its shape was judged. */
final class Posting
{
    private const TYPE = 'permission.posting';
    private const MOST_POSTS = 20;
    private const LONGEST_TEXT = 60000;

    /**
     * @param list<array{stamp: string, text: string, public: bool}> $posts
     * @param list<string> $addTags
     * @param list<string> $removeTags
     */
    private function __construct(
        public readonly array $posts,
        public readonly array $addTags,
        public readonly array $removeTags,
        public readonly bool $wait,
        public readonly bool $resume,
        public readonly bool $clearAsk,
        public readonly string $revision,
    ) {
    }

    /**
     * @param ?array<mixed> $said
     * @param array{event: string, number: string} $asked about which ticket, in which signed request
     * @return self|string why it cannot be read
     */
    public static function read(?array $said, array $asked): self|string
    {
        $problem = match (true) {
            $said === null => 'it is not JSON',
            ($said['type'] ?? null) !== self::TYPE => 'it is no posting',
            ($said['event'] ?? null) !== $asked['event'] => 'it is about another event',
            ($said['ticket']['number'] ?? null) !== $asked['number'] => 'it is about another ticket',
            !self::areList($said['posts'] ?? null, self::isPost(...), self::MOST_POSTS) => 'its posts are malformed',
            !self::areTags($said['add_tags'] ?? null) || !self::areTags($said['remove_tags'] ?? null) => 'its tags are malformed',
            default => '',
        };
        return $problem !== '' ? $problem : new self(
            posts: $said['posts'],
            addTags: $said['add_tags'],
            removeTags: $said['remove_tags'],
            wait: ($said['wait'] ?? false) === true,
            resume: ($said['resume'] ?? false) === true,
            clearAsk: ($said['clear_ask'] ?? false) === true,
            revision: is_string($said['revision'] ?? null) ? $said['revision'] : '',
        );
    }

    /** A text of ours ends in its stamp, and only then is it known again. */
    private static function isPost(mixed $post): bool
    {
        return is_array($post) && Stamp::isWell($post['stamp'] ?? null)
            && is_string($post['text'] ?? null) && strlen($post['text']) <= self::LONGEST_TEXT
            && str_ends_with($post['text'], "\n[{$post['stamp']}]")
            && is_bool($post['public'] ?? null);
    }

    private static function areTags(mixed $tags): bool
    {
        return self::areList($tags, fn (mixed $tag) => is_string($tag) && preg_match(Fields::TAG, $tag) === 1, 100);
    }

    private static function areList(mixed $value, callable $isWell, int $most): bool
    {
        return is_array($value) && array_is_list($value) && count($value) <= $most
            && count(array_filter($value, $isWell)) === count($value);
    }
}
