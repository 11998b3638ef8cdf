<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use SupportPolicy\Note;

final class NoteTest extends TestCase
{
    // What osTicket makes links of: …://host, www.host, somebody@host.
    private const LINKS = '`((f|ht)tps?://|www\.)[\w.]|[\w.-]@[0-9a-z]`i';

    public function test_nothing_that_a_customer_wrote_becomes_a_link(): void
    {
        $text = Note::plain('“see https://evil.example, FTP://evil.example, www.evil.example or me@evil.example”');
        self::assertDoesNotMatchRegularExpression(self::LINKS, $text);
        self::assertSame(
            '“see https://evil.example, FTP://evil.example, www.evil.example or me@evil.example”',
            str_replace("\u{200B}", '', $text)
        );
    }

    public function test_a_stamp_stays_as_it_is(): void
    {
        $text = "Priority high.\n\n[support-policy mexxus/2013-06-27/ab12cd34ef]";
        self::assertSame($text, Note::plain($text));
    }
}
