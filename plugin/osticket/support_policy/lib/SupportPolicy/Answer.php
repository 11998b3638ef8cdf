<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** What the service answered, judged. */
final class Answer
{
    /** To be carried out. */
    public const APPLY = 'apply';
    /** A later decision was carried out already. */
    public const OLDER = 'older';
    /** Nothing that can be believed or understood. */
    public const BAD = 'bad';

    private const STATUSES = [200, 201, 204];

    /** @param array<string, mixed> $update what to write; absent keys are left alone */
    private function __construct(
        public readonly string $verdict,
        public readonly string $reason,
        public readonly string $event = '',
        public readonly string $decidedAt = '',
        public readonly bool $observes = false,
        public readonly array $update = [],
    ) {
    }

    /**
     * The answer to a webhook.
     *
     * @param list<string> $secrets
     * @param array{event: string, id: int, number: string, decided_at: ?string} $asked about which
     *        ticket, and the last decision applied to it
     */
    public static function judge(Reply $reply, array $asked, array $secrets, int $now): self
    {
        $problem = self::envelope($reply, $asked['event'], $secrets, $now);
        if ($problem !== '') {
            return self::bad($problem);
        }
        return self::read(self::decoded($reply->body), $asked);
    }

    /**
     * A decision whose signature was seen to, from an answer or sent by itself.
     *
     * @param ?array<mixed> $said
     * @param array{event: string, id: int, number: string, decided_at: ?string} $asked
     */
    public static function read(?array $said, array $asked): self
    {
        $at = Instant::parse($said['decided_at'] ?? null);
        $ticket = $said['ticket'] ?? null;
        $problem = match (true) {
            $said === null => 'it is not JSON',
            ($said['type'] ?? null) !== 'ticket.decision' => 'it is no decision',
            ($said['event'] ?? null) !== $asked['event'] => 'it is about another event',
            !is_array($ticket) || ($ticket['number'] ?? null) !== $asked['number'] => 'it is about another ticket',
            isset($ticket['id']) && $ticket['id'] !== $asked['id'] => 'it is about another ticket',
            $at === null => 'it does not say when it was decided',
            !in_array($said['mode'] ?? null, ['enforce', 'observe'], true) => 'its mode is unknown',
            default => Update::problem($said['update'] ?? null),
        };
        if ($problem !== '' || $at === null) {
            return self::bad($problem);
        }
        $exactly = Instant::exactly($at);
        $older = $asked['decided_at'] !== null && $exactly < $asked['decided_at'];
        return new self(
            verdict: $older ? self::OLDER : self::APPLY,
            reason: $older ? 'a later decision is applied already' : '',
            event: $asked['event'],
            decidedAt: $exactly,
            observes: $said['mode'] === 'observe',
            update: $said['update'] ?? [],
        );
    }

    /**
     * Why the answer to a test call is none; '' when the service is there.
     *
     * @param list<string> $secrets
     */
    public static function pongProblem(Reply $reply, string $event, array $secrets, int $now): string
    {
        $problem = self::envelope($reply, $event, $secrets, $now);
        if ($problem !== '') {
            return $problem;
        }
        $said = self::decoded($reply->body);
        $isPong = ($said['type'] ?? null) === 'pong' && ($said['event'] ?? null) === $event;
        return $isPong ? '' : 'it is no answer to a test call';
    }

    /** @return ?array<mixed> */
    public static function decoded(string $body): ?array
    {
        $said = json_decode($body, true, 16);
        return is_array($said) && !array_is_list($said) ? $said : null;
    }

    /** @param list<string> $secrets */
    private static function envelope(Reply $reply, string $event, array $secrets, int $now): string
    {
        if ($reply->trouble !== '') {
            return $reply->trouble;
        }
        if (!in_array($reply->status, self::STATUSES, true)) {
            return "its status is $reply->status";
        }
        if (!preg_match('#^application/json\s*(;|$)#i', $reply->type)) {
            return 'it is not JSON';
        }
        if (($reply->headers[Signature::ID] ?? '') !== $event) {
            return 'it is signed for another event';
        }
        return Signature::problem($reply->body, $reply->headers, $secrets, $now);
    }

    private static function bad(string $reason): self
    {
        return new self(verdict: self::BAD, reason: $reason);
    }
}
