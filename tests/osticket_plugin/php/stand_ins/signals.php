<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

/** osTicket's signals: who listens is called in turn, and what it throws is nobody's to catch. */
class Signal
{
    /** @var array<string, list<callable>> */
    public static array $listeners = [];

    public static function connect(string $signal, callable $listener, ?string $class = null): void
    {
        self::$listeners[$signal][] = $listener;
    }

    public static function send(string $signal, mixed $object, mixed $data = null): void
    {
        foreach (self::$listeners[$signal] ?? [] as $listener) {
            $listener($object, $data);
        }
    }
}

/** A ticket of an osTicket in which everything fails. */
class Ticket
{
    public function __call(string $name, array $arguments): never
    {
        throw new LogicException("$name() fails");
    }
}
