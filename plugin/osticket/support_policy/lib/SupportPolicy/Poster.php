<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/**
 * Brings a posting onto a ticket: messages, then tags and state; the second time nothing is left to do.
 *
 * A public message goes out by mail at once, which no database can take back: it is outside of what is
 * written together, and its stamp keeps it from going out twice.
 */
final class Poster
{
    private const PATIENCE = 5;

    public function __construct(private readonly Settings $settings)
    {
    }

    /** @return string why nothing was done: 'observing', 'changed' or 'busy'; '' when it was done */
    public function post(int $ticketId, Posting $posting): string
    {
        if (!$this->settings->asks()) {
            return 'observing';
        }
        $lock = 'support-policy.post.' . substr(sha1(DBNAME . '.' . TABLE_PREFIX), 0, 16) . ".$ticketId";
        if (Database::value('SELECT GET_LOCK(?, ?)', [$lock, self::PATIENCE]) !== '1') {
            return 'busy';
        }
        try {
            return Machine::does(fn (): string => $this->alone($ticketId, $posting));
        } finally {
            Database::value('SELECT RELEASE_LOCK(?)', [$lock]);
        }
    }

    private function alone(int $ticketId, Posting $posting): string
    {
        $ticket = TicketReader::fresh($ticketId);
        if (!$ticket || Conversation::read($ticket, $this->settings)['revision'] !== $posting->revision) {
            return 'changed';
        }
        $wasAnswered = (bool) $ticket->isAnswered();
        $there = Conversation::posted($ticketId);
        foreach ([true, false] as $public) {
            foreach ($posting->posts as $post) {
                if ($post['public'] === $public && !in_array($post['stamp'], $there, true)) {
                    $public ? self::answer($ticket, $post['text']) : self::note($ticket, $post['text']);
                }
            }
        }
        self::setAnswered(TicketReader::fresh($ticketId), $posting, $wasAnswered);
        Database::together(static fn () => self::mark($ticketId, $posting));
        return '';
    }

    /** To the requester alone: whoever else is copied on the ticket has no say in what they pay. */
    private static function answer(\Ticket $ticket, string $text): void
    {
        $errors = [];
        $vars = [
            'poster' => Machine::NAME,
            'response' => new AnswerBody(PublicText::html($text)),
            'reply-to' => 'user',
            'ccs' => [],
            'signature' => 'dept',
        ];
        if (!$ticket->postReply($vars, $errors, true, false)) {
            throw new \RuntimeException('osTicket did not keep the message: ' . implode(' ', array_map(strval(...), $errors)));
        }
    }

    private static function note(\Ticket $ticket, string $text): void
    {
        if (!$ticket->logNote(Machine::NAME, new NoteBody(Note::plain($text)), Machine::NAME, false)) {
            throw new \RuntimeException('osTicket did not keep the note');
        }
    }

    /**
     * osTicket has no status for a ticket that waits for the customer: what it has is "answered", which
     * takes a ticket out of the agents' open queue until the customer writes.
     */
    private static function setAnswered(\Ticket $ticket, Posting $posting, bool $wasAnswered): void
    {
        $isToBe = ($wasAnswered || $posting->wait) && !$posting->resume;
        if ($ticket->isOpen() && (bool) $ticket->isAnswered() !== $isToBe) {
            $isToBe ? $ticket->markAnswered() : $ticket->markUnAnswered();
        }
    }

    private static function mark(int $ticketId, Posting $posting): void
    {
        Outbox::lock($ticketId);
        $form = new TicketForm(TicketReader::fresh($ticketId));
        $before = array_map(strval(...), array_keys($form->tags()));
        $removed = $posting->clearAsk ? [...$posting->removeTags, Ask::TAG] : $posting->removeTags;
        $isChanged = array_intersect($removed, $before) !== [] || array_diff($posting->addTags, $before) !== [];
        if ($isChanged && $form->setTags($posting->addTags, $removed) === null) {
            throw new \RuntimeException("the field of tags is missing: save the plugin's instance");
        }
        if ($posting->clearAsk) {
            foreach (Ask::FIELDS as $name) {
                $form->text(Fields::variable($name)) === '' || $form->setText($name, '');
            }
            Hints::clearAsk($ticketId, time());
        }
    }
}
