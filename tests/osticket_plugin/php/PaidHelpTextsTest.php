<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use SupportPolicy\FeeMentions;
use SupportPolicy\MailHeaders;
use SupportPolicy\PublicText;
use SupportPolicy\Requested;
use SupportPolicy\Stamp;

/** What goes out to customers, and what is made out of texts that come in. */
final class PaidHelpTextsTest extends TestCase
{
    public function test_a_text_keeps_its_lines_and_its_marks_are_escaped(): void
    {
        self::assertSame(
            '<div>a &lt;b&gt; &amp;amp; &quot;c&quot;<br /><br />d<br />e</div>',
            PublicText::html("a <b> &amp; \"c\"\n\nd\r\ne")
        );
    }

    /** @dataProvider links */
    public function test_a_link_is_one_byte_for_byte(string $text, ?string $link): void
    {
        $expected = $link === null ? 0 : 1;
        self::assertSame($expected, preg_match('~<a href="([^"]*)">([^<]*)</a>~', PublicText::html($text), $found));
        self::assertSame($link, $found ? htmlspecialchars_decode($found[1], ENT_QUOTES) : null);
        self::assertSame($found[1] ?? '', $found[2] ?? '');
    }

    public static function links(): iterable
    {
        $link = 'https://policy.example.ca/permission/aB3_-x.Y%7Bz?a=1&b=2#c';
        yield 'alone on its line' => ["Here:\n\n$link\n\nThanks", $link];
        yield 'at the end of a sentence' => ["See $link.", $link];
        yield 'in parentheses' => ["($link)", $link];
        yield 'in French quotes' => ["« $link »", $link];
        yield 'not without TLS' => ['http://policy.example.ca/x', null];
        yield 'no scheme of programs' => ['javascript:alert(1)', null];
        yield 'nothing after it' => ['https:// and more', null];
    }

    public function test_osticket_finds_no_variable_in_a_text(): void
    {
        $html = PublicText::html('%{ticket.policy_class} %7Bticket.name} %7bx} 100 % sure');
        self::assertDoesNotMatchRegularExpression('/%(?:\{|%?7B)/i', $html);
        self::assertStringContainsString('100 % sure', $html);
    }

    /** @dataProvider bodies */
    public function test_a_stamp_is_the_last_line_of_its_message(string $body, ?string $stamp): void
    {
        self::assertSame($stamp, Stamp::in($body));
    }

    public static function bodies(): iterable
    {
        $stamp = 'PH-ABCD2345/request';
        yield 'as it is posted' => [PublicText::html("Text\n\n[$stamp]"), $stamp];
        yield 'as a note' => ["Text\n\n[$stamp]", $stamp];
        yield 'with blanks after it' => ["Text\n\n[$stamp] \n", $stamp];
        yield 'alone' => ["[$stamp]", $stamp];
        yield 'the last of two' => ["[PH-ZZZZ2222/other]\n\n[$stamp]", $stamp];
        yield 'quoted before the end' => ["[$stamp]\n\nmore", null];
        yield 'in a sentence' => ["the line [$stamp]", null];
        yield 'in small letters' => ['[ph-abcd2345/request]', null];
        yield 'of another program' => ['[support-policy mexxus/1/ab]', null];
        yield 'nothing' => ['', null];
    }

    public function test_only_the_headers_that_tell_of_belief_are_picked_in_the_mail_s_order(): void
    {
        $raw = "Return-Path: <a@b.example>\r\nauthentication-results: mx.example;\r\n\tdmarc=pass\r\n header.from=b.example\r\n"
            . "Received: from x\r\nFrom: A <a@b.example>\r\nAuthentication-Results: other; dmarc=pass\r\nSubject: Re: yes: no\r\n"
            . "X-Secret: y\nAuto-Submitted:no\nbroken line";
        self::assertSame([
            ['Return-Path', '<a@b.example>'],
            ['Authentication-Results', 'mx.example; dmarc=pass header.from=b.example'],
            ['From', 'A <a@b.example>'],
            ['Authentication-Results', 'other; dmarc=pass'],
            ['Subject', 'Re: yes: no'],
            ['Auto-Submitted', 'no'],
        ], MailHeaders::picked($raw));
        self::assertSame([], MailHeaders::picked(''));
    }

    public function test_a_mail_of_headers_alone_is_cut(): void
    {
        $picked = MailHeaders::picked(str_repeat('Subject: ' . str_repeat('x', 9000) . "\n", 100));
        self::assertCount(40, $picked);
        self::assertSame(2000, strlen($picked[0][1]));
    }

    /** @dataProvider tags */
    public function test_a_request_is_open_while_its_tag_is_there(string $value, bool $isOpen): void
    {
        self::assertSame($isOpen, Requested::isIn($value));
    }

    public static function tags(): iterable
    {
        yield 'with its tag' => ['{"a":"A","fee_requested":"Requested"}', true];
        yield 'with another' => ['{"fee_declined":"fee_requested"}', false];
        yield 'with none' => ['{}', false];
        yield 'without the field' => ['', false];
        yield 'with what is no list of tags' => ['"fee_requested"', false];
    }

    /** @dataProvider responses */
    public function test_a_response_that_speaks_of_the_fee_is_found(string $html, bool $isFound): void
    {
        $words = ['advanced support', 'soutien avancé', 'frais'];
        self::assertSame($isFound, FeeMentions::areIn($html, $words, ['85.00']));
    }

    public static function responses(): iterable
    {
        foreach ([
            '<p>Advanced&nbsp;Support is extra.</p>', 'ADVANCED<br>SUPPORT', 'le Soutien avanc&eacute;', 'Des FRAIS s’appliquent',
            'It costs $85', 'It costs $ 85.00', '$85.', '$85, now', '85 $', '85,00 $', "85,00\u{A0}$ CA", '85.00 CDN', '85CAD', 'CAD 85', 'CA$85.00',
            '85 dollars', '<b>85</b> $', '85,00&nbsp;$',
        ] as $text) {
            yield $text => [$text, true];
        }
        foreach ([
            'Article 85', 'port 8585 $', '$185', '185 $', '$850', '85.50 $', '$85,000', '$85.50', 'défraisage', 'des défrais', 'rafraîchir', 'advanced users, support', '',
            'Paid help: we always ask first.', '0.85 $',
        ] as $text) {
            yield "not: $text" => [$text, false];
        }
    }

    public function test_a_policy_without_a_fee_finds_nothing(): void
    {
        self::assertFalse(FeeMentions::areIn('frais $85', [], []));
    }
}
