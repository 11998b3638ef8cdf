<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** The agents' way to ask: an entry in the ticket's More menu, its dialog, and what it writes. */
final class Asking
{
    public function __construct(private readonly Settings $settings, private readonly HintDelivery $delivery)
    {
    }

    /** The entry, for those who may answer the customer themselves. */
    public function menu(\Ticket $ticket): void
    {
        global $thisstaff;

        if ($ticket->isOpen() && self::may($thisstaff, $ticket) && Installation::paidHelp() !== null) {
            $href = htmlspecialchars('#' . self::path((int) $ticket->getId()), ENT_QUOTES);
            $text = htmlspecialchars(Text::of('Ask permission for paid help'), ENT_QUOTES, 'UTF-8');
            echo "<li><a class=\"ticket-action\" href=\"$href\"><i class=\"icon-money\"></i> $text</a></li>";
        }
    }

    public function addTo(\Dispatcher $dispatcher): void
    {
        $dispatcher->append(url('^/support-policy/tickets/(\d{1,10})/ask$', fn ($id) => $this->answered((int) $id)));
    }

    private function answered(int $ticketId): string
    {
        global $thisstaff;

        try {
            $ticket = TicketReader::fresh($ticketId);
            if (!$ticket || !self::may($thisstaff, $ticket)) {
                \Http::response(403, \Format::htmlchars(Text::of('You may not answer this ticket.')));
            }
            return $this->page($ticket, $thisstaff);
        } catch (\Throwable $trouble) {
            Trouble::log(
                'ask',
                /* @trans */ 'Permission for paid help could not be asked: %1$s (%2$s, line %3$d)',
                $trouble->getMessage(),
                basename($trouble->getFile()),
                $trouble->getLine()
            );
            $text = Text::of('Nothing was asked: it failed. An admin finds the reason in the system log.');
            return '<p id="msg_error" role="alert">' . htmlspecialchars($text, ENT_QUOTES, 'UTF-8') . '</p>';
        }
    }

    private function page(\Ticket $ticket, \Staff $agent): string
    {
        global $ost;

        // osTicket takes a method from the query: only a token proves that the form was sent.
        $isSent = $_SERVER['REQUEST_METHOD'] === 'POST' && $_POST && $ost->checkCSRFToken();
        $ask = $isSent ? Ask::sent($_POST) : Ask::on(new TicketForm($ticket));
        $most = (int) (Installation::paidHelp()['most_blocks'] ?? 0);
        $problems = $isSent ? $ask->problems($most) : [];
        if ($isSent && $problems === []) {
            $row = self::save((int) $ticket->getId(), $agent, $ask);
            Inline::later(fn (int $milliseconds): bool => $this->delivery->deliver($row, $milliseconds));
            \Http::response(201, 'ok');
        }
        $token = $ost->getCSRF();
        $path = self::path((int) $ticket->getId());
        return (new AskForm($path, $ask, $problems, $most, $token->getTokenName(), $token->getToken()))->html();
    }

    /** @return int the row that tells the service */
    private static function save(int $ticketId, \Staff $agent, Ask $ask): int
    {
        return Database::together(static function () use ($ticketId, $agent, $ask): int {
            Outbox::lock($ticketId);
            $ticket = TicketReader::fresh($ticketId);
            $form = new TicketForm($ticket);
            $now = time();
            foreach ($ask->fields($agent->getName() . ', ' . Instant::spell($now)) as $name => $text) {
                if ($form->setText($name, Database::storable($text)) === null) {
                    throw new \RuntimeException("Ticket Details has no field $name: save the plugin's instance");
                }
            }
            $form->addTags([Ask::TAG]);
            $language = Text::primary();
            $body = new NoteBody(Note::plain($ask->note($language)));
            $title = Text::in($language, 'Ask permission for paid help');
            if (!$ticket->logNote($title, $body, $agent, false)) {
                throw new \RuntimeException('osTicket did not keep the note');
            }
            return Hints::ask($ticket, (int) $agent->getId(), $now);
        });
    }

    private static function may(mixed $agent, \Ticket $ticket): bool
    {
        return $agent instanceof \Staff && $agent->isValid()
            && $ticket->checkStaffPerm($agent, \Ticket::PERM_REPLY);
    }

    private static function path(int $ticketId): string
    {
        return "support-policy/tickets/$ticketId/ask";
    }
}
