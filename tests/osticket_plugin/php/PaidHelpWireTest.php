<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use SupportPolicy\Answer;
use SupportPolicy\HintDelivery;
use SupportPolicy\Json;
use SupportPolicy\Posting;
use SupportPolicy\Settings;
use SupportPolicy\Signature;

/** What is told of paid help and what is brought on, byte for byte; the service's tests read the same files. */
final class PaidHelpWireTest extends TestCase
{
    /** @dataProvider hints */
    public function test_a_hint_is_told_and_signed(array $vector): void
    {
        defined('THIS_VERSION') || define('THIS_VERSION', 'v1.18.1');
        $settings = Settings::fromConfig(['mode' => 'enforce']);
        self::assertSame($vector['body'], Json::spell(HintDelivery::told($vector['row'], $settings, '0.1.0')));
        $headers = $vector['headers'];
        self::assertSame($headers, Signature::sign(
            $vector['body'],
            $vector['secrets'],
            $headers['webhook-id'],
            (int) $headers['webhook-timestamp']
        ));
    }

    /** @dataProvider postings */
    public function test_a_posting_is_believed_and_read_or_not(array $vector): void
    {
        $at = (int) $vector['headers']['webhook-timestamp'];
        self::assertSame('', Signature::problem($vector['payload'], $vector['headers'], $vector['secrets'], $at));
        $asked = ['event' => $vector['headers']['webhook-id'], 'number' => '123456'];
        $read = Posting::read(Answer::decoded($vector['body']), $asked);
        self::assertSame($vector['problem'], is_string($read) ? $read : '');
    }

    public function test_a_posting_says_what_is_to_be_done(): void
    {
        $vector = self::file('postings')[0];
        $asked = ['event' => $vector['headers']['webhook-id'], 'number' => '123456'];
        $read = Posting::read(Answer::decoded($vector['body']), $asked);
        self::assertInstanceOf(Posting::class, $read);
        self::assertSame([true, false], array_column($read->posts, 'public'));
        self::assertSame([['fee_requested'], ['fee_not_sent']], [$read->addTags, $read->removeTags]);
        self::assertSame([true, false, true], [$read->wait, $read->resume, $read->clearAsk]);
        self::assertSame('5f0c3a9d1b2e4f60', $read->revision);
    }

    public function test_what_is_no_object_is_no_posting(): void
    {
        self::assertIsString(Posting::read(Answer::decoded('[]'), ['event' => 'e', 'number' => '1']));
        self::assertIsString(Posting::read(['type' => 'permission.posting', 'ticket' => 'x'], ['event' => 'e', 'number' => '1']));
    }

    public static function hints(): iterable
    {
        return self::named('hints');
    }

    public static function postings(): iterable
    {
        return self::named('postings');
    }

    private static function named(string $file): iterable
    {
        foreach (self::file($file) as $vector) {
            yield $vector['name'] => [$vector];
        }
    }

    private static function file(string $name): array
    {
        return json_decode(file_get_contents(__DIR__ . "/../vectors/$name.json"), true, 16, JSON_THROW_ON_ERROR);
    }
}
