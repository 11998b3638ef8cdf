<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** One attempt to deliver a row: ask the service, and do what it answers. */
final class Delivery
{
    public function __construct(private readonly Settings $settings, private readonly string $version)
    {
    }

    /**
     * @param int $milliseconds how long the service may take
     * @return bool whether the service was there: false when the next row would fare no better. A ticket
     *              that cannot be changed says nothing of the next one.
     */
    public function deliver(int $rowId, int $milliseconds = 1500): bool
    {
        $row = Outbox::claim($rowId, time());
        if ($row === null) {
            return true;
        }
        try {
            return $this->attempt($row, $milliseconds);
        } catch (\Throwable $trouble) {
            $this->fail($row, 'apply', 'it could not be carried out: ' . $trouble->getMessage());
            return true;
        }
    }

    /** The test call: '' or why it failed, and how long it took. */
    public function ping(): array
    {
        $event = Outbox::uuid();
        $reply = Sender::post($this->settings, $this->version, $event, Json::spell($this->envelope('ping', $event)));
        $problem = Answer::pongProblem($reply, $event, $this->settings->secrets, time());
        return [$problem, $reply->milliseconds];
    }

    /** @param array<string, ?string> $row */
    private function attempt(array $row, int $milliseconds): bool
    {
        $ticket = TicketReader::fresh((int) $row['ticket_id']);
        if ($ticket === null) {
            $this->gone($row);
            return true;
        }
        $event = (string) $row['event'];
        $payload = $this->envelope('ticket.created', $event) + ['ticket' => TicketReader::read($ticket)];
        $began = microtime(true);
        $reply = Sender::post($this->settings, $this->version, $event, Json::spell($payload), $milliseconds);
        if ($reply->unreachable) {
            Pause::begin(time(), microtime(true) - $began);
        }
        $answer = $this->judged($reply, $row);
        if ($answer->verdict === Answer::BAD) {
            $this->fail($row, $reply->unreachable ? 'unreachable' : $answer->reason, $answer->reason);
            return false;
        }
        $this->carryOut($row, $answer);
        Pause::end();
        Trouble::ends();
        return true;
    }

    /** @param array<string, ?string> $row */
    private function judged(Reply $reply, array $row): Answer
    {
        return Answer::judge($reply, [
            'event' => (string) $row['event'],
            'id' => (int) $row['ticket_id'],
            'number' => (string) $row['number'],
            // Another decision may have come while this one was waited for.
            'decided_at' => State::of((int) $row['ticket_id'])?->decidedAt,
        ], $this->settings->secrets, time());
    }

    /** @param array<string, ?string> $row */
    private function carryOut(array $row, Answer $answer): void
    {
        $observes = $answer->observes || $this->settings->mode !== 'enforce';
        if ($answer->verdict === Answer::APPLY && !$observes) {
            Applier::apply((int) $row['ticket_id'], $answer, $this->settings);
        }
        Outbox::close((int) $row['id'], $observes ? Outbox::OBSERVED : Outbox::DELIVERED, time());
    }

    /** @return array<string, mixed> */
    private function envelope(string $type, string $event): array
    {
        return Envelope::of($type, $event, $this->settings, $this->version);
    }

    /** @param array<string, ?string> $row */
    private function gone(array $row): void
    {
        Outbox::close((int) $row['id'], Outbox::GONE, time());
        Trouble::write(
            /* @trans */ 'Ticket #%s was deleted before the service was asked about it; it is not asked any more.',
            (string) $row['number']
        );
    }

    /** @param array<string, ?string> $row */
    private function fail(array $row, string $kind, string $reason): void
    {
        Outbox::failed((int) $row['id'], (int) $row['attempts'] + 1, $reason, time());
        Trouble::begins(
            $kind,
            /* @trans */ 'The service gave no decision on ticket #%1$s: %2$s. The ticket is as the customer left it, and is sent again by itself. Run "support-policy doctor" if this goes on.',
            (string) $row['number'],
            $reason
        );
    }
}
