<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** Where osTicket calls us. Whatever goes wrong here, the ticket goes its way. */
final class Hooks
{
    private static bool $connected = false;
    /** A ticket filter chose the ticket that is being created. */
    private static bool $selected = false;
    /** The mail server says that the mail that becomes a ticket is automatic. */
    private static bool $flagged = false;

    private readonly Delivery $delivery;
    private readonly HintDelivery $hints;

    private function __construct(private readonly Settings $settings, private readonly string $version)
    {
        $this->delivery = new Delivery($settings, $version);
        $this->hints = new HintDelivery($settings, $version);
    }

    public static function connect(Settings $settings, string $version): void
    {
        if (self::$connected) {
            return;
        }
        self::$connected = true;
        $hooks = new self($settings, $version);
        $hooks->listen('ticket.create.before', $hooks->begins(...));
        $hooks->listen('ticket.created', $hooks->created(...));
        $hooks->listen('model.updated', $hooks->changed(...), 'Ticket');
        $hooks->listen('threadentry.created', $hooks->answered(...), 'ResponseThreadEntry');
        $hooks->listen('threadentry.created', $hooks->written(...), 'MessageThreadEntry');
        $hooks->listen('threadentry.created', Variables::withhold(...), 'MessageThreadEntry');
        $hooks->listen('ticket.view.more', $hooks->menu(...), 'Ticket');
        $hooks->listen('ajax.scp', $hooks->pages(...));
        $hooks->listen('cron', $hooks->cron(...));
        $hooks->listen('api', $hooks->api(...));
    }

    /** The ticket that is being created now is to be sent. */
    public static function select(): void
    {
        self::$selected = true;
    }

    private function listen(string $signal, \Closure $handle, ?string $class = null): void
    {
        \Signal::connect($signal, static function ($object, $data = null) use ($signal, $handle): void {
            try {
                $handle($object, $data);
            } catch (\Throwable $trouble) {
                Trouble::log(
                    "hook $signal",
                    /* @trans */ 'The plugin failed on "%1$s"; osTicket went on without it: %2$s (%3$s, line %4$d)',
                    $signal,
                    $trouble->getMessage(),
                    basename($trouble->getFile()),
                    $trouble->getLine()
                );
            }
        }, $class);
    }

    /** One process may fetch many mails: what was said of the last one is not said of this. */
    private function begins(mixed $nothing, mixed $vars): void
    {
        self::$selected = false;
        $flags = is_array($vars) ? $vars['mailflags'] ?? [] : [];
        self::$flagged = !empty($flags['bounce']) || !empty($flags['auto-reply']);
    }

    private function created(mixed $ticket): void
    {
        if (!$ticket instanceof \Ticket) {
            return;
        }
        $facts = Creation::facts($ticket, self::$flagged);
        $outcome = match (true) {
            $facts->automatic => Outbox::AUTOMATIC,
            $this->settings->tickets === 'filtered' && !self::$selected => Outbox::LEFT_OUT,
            default => '',
        };
        $row = Outbox::add((int) $ticket->getId(), (string) $ticket->getNumber(), $facts, $outcome, time());
        if ($outcome === '' && $this->settings->usable()) {
            Inline::later(fn (int $milliseconds): bool => $this->delivery->deliver($row, $milliseconds));
        }
    }

    private function changed(mixed $ticket, mixed $data): void
    {
        $dirty = is_array($data) ? $data['dirty'] ?? null : null;
        if (!Machine::isAtWork() && DueDateKeeper::concerns($dirty)) {
            DueDateKeeper::keep($ticket);
        }
    }

    private function answered(mixed $entry): void
    {
        $ticket = $entry->getThread()?->getObject();
        if ($ticket instanceof \Ticket) {
            DueDateKeeper::keep($ticket, settles: true);
        }
    }

    /**
     * A customer wrote while a request for permission is open.
     *
     * Here and not at object.created: osTicket sends that for agents' answers as well, and leaves it out
     * where a filter keeps it from answering.
     */
    private function written(mixed $entry): void
    {
        $ticket = $this->settings->asks() ? $entry->getThread()?->getObject() : null;
        if ($ticket instanceof \Ticket && Requested::isOpen((int) $ticket->getId()) && !$entry->isBounceOrAutoReply()) {
            $row = Hints::message($ticket, (int) $entry->getId(), Creation::identityOf($entry), time());
            Inline::later(fn (int $milliseconds): bool => $this->hints->deliver($row, $milliseconds));
        }
    }

    private function menu(mixed $ticket): void
    {
        if ($this->settings->asks()) {
            (new Asking($this->settings, $this->hints))->menu($ticket);
        }
    }

    private function pages(mixed $dispatcher): void
    {
        if ($this->settings->asks()) {
            (new Asking($this->settings, $this->hints))->addTo($dispatcher);
        }
    }

    private function cron(mixed $nothing, mixed $data): void
    {
        Installation::heal();
        Memo::set('cron.last_at', (string) time());
        Memo::set('cron.last_auto', (string) (int) !empty($data['autocron']));
        if ($this->settings->usable()) {
            Drain::run($this->delivery, $this->hints);
        }
    }

    private function api(mixed $dispatcher): void
    {
        (new Routes($this->settings, $this->version, $this->delivery))->addTo($dispatcher);
    }
}
