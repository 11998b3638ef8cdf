<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use SupportPolicy\Signature;

/** The vectors were made with openssl; the service's tests read the same file. */
final class SignatureTest extends TestCase
{
    /** @dataProvider signed */
    public function test_a_message_is_signed_as_openssl_signs_it(array $vector): void
    {
        $headers = $vector['headers'];
        $made = Signature::sign(
            $vector['payload'],
            $vector['secrets'],
            $headers['webhook-id'],
            (int) $headers['webhook-timestamp']
        );
        self::assertSame($headers, $made);
    }

    /** @dataProvider presented */
    public function test_a_message_is_believed_or_not(array $vector): void
    {
        $problem = Signature::problem($vector['payload'], $vector['headers'], $vector['secrets'], $vector['now']);
        self::assertSame($vector['good'], $problem === '', $problem);
    }

    public static function signed(): iterable
    {
        return self::vectors('sign');
    }

    public static function presented(): iterable
    {
        return self::vectors('verify');
    }

    private static function vectors(string $kind): iterable
    {
        $file = json_decode(file_get_contents(__DIR__ . '/../vectors/signatures.json'), true, 16, JSON_THROW_ON_ERROR);
        foreach ($file[$kind] as $vector) {
            yield $vector['name'] => [$vector];
        }
    }
}
