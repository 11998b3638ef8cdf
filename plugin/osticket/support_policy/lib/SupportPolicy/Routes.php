<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** What the service may ask of us: the routes under /api/support-policy/. */
final class Routes
{
    private const LARGEST_BODY = 262144;
    private const MOST_TICKETS = 200;

    public function __construct(
        private readonly Settings $settings,
        private readonly string $version,
        private readonly Delivery $delivery,
    ) {
    }

    public function addTo(\Dispatcher $dispatcher): void
    {
        $routes = [
            ['GET', 'tickets/[^/]+\.json', $this->ticket(...)],
            ['POST', 'tickets/[^/]+\.json', $this->decide(...)],
            ['GET', 'tickets/[^/]+/conversation\.json', $this->conversation(...)],
            ['POST', 'tickets/[^/]+/conversation\.json', $this->post(...)],
            ['GET', 'tickets\.json', $this->undecided(...)],
            ['GET', 'status\.json', $this->status(...)],
            ['POST', 'ping\.json', $this->ping(...)],
        ];
        foreach ($routes as [$method, $path, $handle]) {
            $safe = fn () => $this->answered($method, $handle);
            $dispatcher->append(url("^/support-policy/$path\$", $safe, false, $method));
        }
    }

    private function answered(string $method, \Closure $handle): void
    {
        try {
            [$status, $said] = $this->guarded($method, $handle);
        } catch (\Throwable $trouble) {
            Trouble::log(
                'route',
                /* @trans */ 'A request of the service failed: %1$s (%2$s, line %3$d)',
                $trouble->getMessage(),
                basename($trouble->getFile()),
                $trouble->getLine()
            );
            [$status, $said] = [500, ['error' => 'it failed: see the system log']];
        }
        \Http::response($status, Json::spell($said), 'application/json');
    }

    /** @return array{int, array<string, mixed>} */
    private function guarded(string $method, \Closure $handle): array
    {
        if (!self::hasKey()) {
            return [401, ['error' => 'the API key is not known for this address']];
        }
        $body = (string) file_get_contents('php://input', false, null, 0, self::LARGEST_BODY + 1);
        if (strlen($body) > self::LARGEST_BODY) {
            return [400, ['error' => 'the body is too large']];
        }
        $headers = [];
        foreach (Signature::HEADERS as $name) {
            $headers[$name] = (string) ($_SERVER['HTTP_' . strtoupper(strtr($name, '-', '_'))] ?? '');
        }
        $signed = $method . ' ' . self::path() . "\n" . $body;
        $problem = Signature::problem($signed, $headers, $this->settings->secrets, time());
        return $problem === '' ? $handle($body, $headers[Signature::ID]) : [401, ['error' => $problem]];
    }

    /** Not requireApiKey(), which writes a wrong key into the system log. */
    private static function hasKey(): bool
    {
        $given = (string) ($_SERVER['HTTP_X_API_KEY'] ?? '');
        $from = (string) ($_SERVER['REMOTE_ADDR'] ?? '');
        $key = $given === '' || $from === '' ? null : \API::lookupByKey($given, $from);
        return $key && $key->isActive() && $key->getIPAddr() === $from;
    }

    /** The path as it was sent, if osTicket dispatches by it: what is signed is what is done. */
    private static function path(): string
    {
        $dispatched = self::dispatched();
        [$uri] = explode('?', (string) ($_SERVER['REQUEST_URI'] ?? ''), 2);
        $sent = substr($uri, (int) strrpos($uri, '/support-policy/'));
        $path = rawurldecode($sent) === $dispatched ? $sent : $dispatched;
        $query = (string) ($_SERVER['QUERY_STRING'] ?? '');
        return $query === '' ? $path : "$path?$query";
    }

    /** The path that the web server read, as osTicket has it once the entities are letters again. */
    private static function dispatched(): string
    {
        return html_entity_decode((string) \Osticket::get_path_info());
    }

    /** @return array{int, array<string, mixed>} */
    private function ticket(string $body, string $event): array
    {
        $ticket = self::find();
        return $ticket ? [200, ['ticket' => TicketReader::read($ticket)]] : [404, ['error' => 'no such ticket']];
    }

    /** @return array{int, array<string, mixed>} */
    private function decide(string $body, string $event): array
    {
        $ticket = self::find();
        if (!$ticket) {
            return [404, ['error' => 'no such ticket']];
        }
        $said = Answer::decoded($body);
        $answer = Answer::read($said, [
            'event' => $event,
            'id' => (int) $ticket->getId(),
            'number' => (string) $ticket->getNumber(),
            'decided_at' => State::of((int) $ticket->getId())?->decidedAt,
        ]);
        if ($answer->verdict === Answer::BAD) {
            return [400, ['error' => $answer->reason]];
        }
        $ignored = $this->ignored($answer, $said['revision'] ?? null, $ticket);
        $changes = $ignored === '' ? Applier::apply((int) $ticket->getId(), $answer, $this->settings) : [];
        if ($changes === null) {
            [$changes, $ignored] = [[], 'older'];
        }
        $after = TicketReader::read(TicketReader::fresh((int) $ticket->getId()));
        return [200, [
            'ticket' => $after,
            'changes' => $changes,
            'not_kept' => $ignored === '' ? Kept::missing($after, $this->allowed($answer->update)) : [],
            'ignored' => $ignored,
        ]];
    }

    /** @return array{int, array<string, mixed>} */
    private function conversation(string $body, string $event): array
    {
        $ticket = self::find();
        return $ticket
            ? [200, ['conversation' => Conversation::read($ticket, $this->settings)]]
            : [404, ['error' => 'no such ticket']];
    }

    /** @return array{int, array<string, mixed>} */
    private function post(string $body, string $event): array
    {
        $ticket = self::find();
        if (!$ticket) {
            return [404, ['error' => 'no such ticket']];
        }
        $number = (string) $ticket->getNumber();
        $posting = Posting::read(Answer::decoded($body), ['event' => $event, 'number' => $number]);
        return is_string($posting)
            ? [400, ['error' => $posting]]
            : [200, ['ignored' => (new Poster($this->settings))->post((int) $ticket->getId(), $posting)]];
    }

    /**
     * @param array<string, mixed> $update
     * @return array<string, mixed> what of it the admin lets us write
     */
    private function allowed(array $update): array
    {
        return array_intersect_key($update, array_flip($this->settings->writes));
    }

    private function ignored(Answer $answer, mixed $revision, \Ticket $ticket): string
    {
        return match (true) {
            $answer->observes || $this->settings->mode !== 'enforce' => 'observing',
            $answer->verdict === Answer::OLDER => 'older',
            is_string($revision) && $revision !== '' && $revision !== TicketReader::read($ticket)['revision'] => 'changed',
            default => '',
        };
    }

    /** @return array{int, array<string, mixed>} */
    private function undecided(string $body, string $event): array
    {
        $before = self::number('before', PHP_INT_MAX);
        $limit = self::number('limit', self::MOST_TICKETS);
        if ($before === null || $limit === null || $limit < 1 || $limit > self::MOST_TICKETS) {
            return [400, ['error' => 'before and limit are numbers, limit from 1 to ' . self::MOST_TICKETS]];
        }
        return [200, Undecided::page($before, $limit, $this->settings->tickets === 'filtered')];
    }

    /** @return array{int, array<string, mixed>} */
    private function status(string $body, string $event): array
    {
        return [200, Status::facts($this->settings, $this->version)];
    }

    /** @return array{int, array<string, mixed>} */
    private function ping(string $body, string $event): array
    {
        [$problem, $milliseconds] = $this->delivery->ping();
        return [200, $problem === '' ? ['ok' => true, 'ms' => $milliseconds] : ['ok' => false, 'error' => $problem]];
    }

    /**
     * The ticket that the path names, by its number as text: the database would take 0123 for 123.
     *
     * Not by what the dispatcher found in it, which has lost its + and has entities for its &.
     */
    private static function find(): ?\Ticket
    {
        $path = (string) preg_replace('#(?:/conversation)?\.json$#D', '', self::dispatched());
        $number = substr($path, (int) strrpos($path, '/') + 1);
        $id = Database::value('SELECT ticket_id FROM ' . TICKET_TABLE . ' WHERE number = ?', [$number]);
        return $id === null ? null : TicketReader::fresh((int) $id);
    }

    private static function number(string $name, int $default): ?int
    {
        $given = $_GET[$name] ?? null;
        if ($given === null) {
            return $default;
        }
        return is_string($given) && preg_match('/^\d{1,10}$/D', $given) ? (int) $given : null;
    }
}
