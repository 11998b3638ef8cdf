<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use SupportPolicy\Json;
use SupportPolicy\Signature;

final class JsonTest extends TestCase
{
    /** @dataProvider events */
    public function test_an_event_is_spelled_byte_for_byte_as_the_service_knows_it(array $vector): void
    {
        self::assertSame($vector['body'], Json::spell(json_decode($vector['body'])));
    }

    /** @dataProvider events */
    public function test_an_event_is_signed_for_the_event_that_it_tells(array $vector): void
    {
        self::assertSame(json_decode($vector['body'], true)['event'], $vector['headers'][Signature::ID]);
        $problem = Signature::problem(
            $vector['body'],
            $vector['headers'],
            $vector['secrets'],
            (int) $vector['headers'][Signature::TIMESTAMP]
        );
        self::assertSame('', $problem);
    }

    public function test_half_a_character_of_a_mail_stops_nothing(): void
    {
        self::assertSame("\"caf\u{FFFD}\"", Json::spell("caf\xc3"));
    }

    public static function events(): iterable
    {
        foreach (json_decode(file_get_contents(__DIR__ . '/../vectors/events.json'), true) as $vector) {
            yield $vector['name'] => [$vector];
        }
    }
}
