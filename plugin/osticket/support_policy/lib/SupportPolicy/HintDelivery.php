<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** One attempt to tell the service of paid help: it answers that it heard, and nothing else. */
final class HintDelivery
{
    private const TYPES = [Hints::ASKED => 'permission.asked', Hints::MESSAGE => 'message.created'];

    public function __construct(private readonly Settings $settings, private readonly string $version)
    {
    }

    /**
     * @param int $milliseconds how long the service may take
     * @return bool whether the service was there: false when the next row would fare no better
     */
    public function deliver(int $rowId, int $milliseconds = 1500): bool
    {
        $row = Hints::claim($rowId, time());
        if ($row === null) {
            return true;
        }
        if (Database::value('SELECT ticket_id FROM ' . TICKET_TABLE . ' WHERE ticket_id = ?', [(int) $row['ticket_id']]) === null) {
            Hints::close($rowId, Hints::GONE, time());
            return true;
        }
        $began = microtime(true);
        $reply = Sender::post(
            $this->settings,
            $this->version,
            (string) $row['event'],
            Json::spell(self::told($row, $this->settings, $this->version)),
            $milliseconds
        );
        if ($reply->unreachable) {
            Pause::begin(time(), microtime(true) - $began);
        }
        $problem = Answer::pongProblem($reply, (string) $row['event'], $this->settings->secrets, time());
        return $problem === '' ? $this->heard($rowId) : $this->fail($row, $problem);
    }

    /**
     * @param array<string, ?string> $row of the hints
     * @return array<string, mixed> the message
     */
    public static function told(array $row, Settings $settings, string $version): array
    {
        $told = Envelope::of(self::TYPES[$row['type']], (string) $row['event'], $settings, $version);
        $told['ticket'] = ['id' => (int) $row['ticket_id'], 'number' => (string) $row['number']];
        return $told + ($row['type'] === Hints::MESSAGE ? ['entry' => (int) $row['entry_id']] : []);
    }

    private function heard(int $rowId): bool
    {
        Hints::close($rowId, Hints::DELIVERED, time());
        Pause::end();
        Trouble::ends();
        return true;
    }

    /** @param array<string, ?string> $row */
    private function fail(array $row, string $reason): bool
    {
        Hints::failed((int) $row['id'], (int) $row['attempts'] + 1, $reason, time());
        Trouble::begins(
            'hint',
            /* @trans */ 'The service could not be told about paid help on ticket #%1$s: %2$s. It is told again by itself. Run "support-policy doctor" if this goes on.',
            (string) $row['number'],
            $reason
        );
        return false;
    }
}
