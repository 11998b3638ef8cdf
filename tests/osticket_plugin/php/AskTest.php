<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

require_once __DIR__ . '/stand_ins/texts.php';

use PHPUnit\Framework\TestCase;
use SupportPolicy\Ask;
use SupportPolicy\AskForm;

final class AskTest extends TestCase
{
    private const GOOD = ['reason' => 'outside', 'work' => 'We would move the mailbox.', 'blocks' => '2', 'permitter' => ''];

    public function test_what_is_filled_in_is_asked(): void
    {
        $ask = Ask::sent(self::GOOD + ['more' => 'x']);
        self::assertSame([], $ask->problems(8));
        self::assertSame(
            ['outside', 'We would move the mailbox.', '2', '', 'Ada, now'],
            array_values($ask->fields('Ada, now'))
        );
    }

    /** @dataProvider wrong */
    public function test_what_cannot_be_asked_is_named(array $sent, array $names): void
    {
        self::assertSame($names, array_keys(Ask::sent($sent + self::GOOD)->problems(8)));
    }

    public static function wrong(): iterable
    {
        yield 'no reason' => [['reason' => ''], ['reason']];
        yield 'another reason' => [['reason' => 'because'], ['reason']];
        yield 'no sentence' => [['work' => " \n\t "], ['work']];
        yield 'too long a sentence' => [['work' => str_repeat('é', 301)], ['work']];
        yield 'no blocks' => [['blocks' => ''], ['blocks']];
        yield 'none' => [['blocks' => '0'], ['blocks']];
        yield 'more than the policy lets' => [['blocks' => '9'], ['blocks']];
        yield 'half a block' => [['blocks' => '1.5'], ['blocks']];
        yield 'words' => [['blocks' => 'two'], ['blocks']];
        yield 'no address' => [['permitter' => 'the boss'], ['permitter']];
        yield 'lists' => [['reason' => ['outside'], 'work' => ['x'], 'blocks' => ['1']], ['reason', 'work', 'blocks']];
        yield 'where there is no fee' => [['blocks' => '1'], []];
    }

    public function test_where_the_policy_has_no_fee_no_number_is_right(): void
    {
        self::assertSame(['blocks'], array_keys(Ask::sent(self::GOOD)->problems(0)));
    }

    public function test_a_sentence_is_one_line_that_osticket_can_keep(): void
    {
        $work = Ask::sent(['work' => "  Move\r\n\r\nthe\u{A0}mailbox\x00 \u{1F600}  \xE9 "])->work;
        self::assertSame("Move the mailbox \u{25A1} ?", $work);
    }

    public function test_the_note_has_everything_and_no_price(): void
    {
        $ask = Ask::sent(['permitter' => 'boss@example.com'] + self::GOOD);
        $note = $ask->note('en');
        self::assertStringContainsString('It is outside standard support', $note);
        self::assertStringContainsString('What would be done: We would move the mailbox.', $note);
        self::assertStringContainsString('Blocks, at most: 2', $note);
        self::assertStringContainsString('Who may permit: boss@example.com', $note);
        self::assertDoesNotMatchRegularExpression('/\$|CAD|CDN|85/', $note);
        self::assertStringContainsString('Blocs, au plus : 2', $ask->note('fr'));
    }

    public function test_every_control_has_a_label_and_what_was_typed_comes_back_harmless(): void
    {
        $ask = Ask::sent(['reason' => 'correction', 'work' => '"><script>x</script>', 'blocks' => '900', 'permitter' => '"a']);
        $form = new AskForm('support-policy/tickets/12/ask', $ask, $ask->problems(8), 8, '__CSRFToken__', 'to"ken');
        $page = new DOMDocument();
        self::assertTrue($page->loadHTML('<?xml encoding="utf-8"?>' . $form->html(), LIBXML_NOERROR));
        $find = new DOMXPath($page);
        foreach ($find->query('//input[@type!="hidden" and @type!="submit" and @type!="button"]|//textarea') as $control) {
            $id = $control->getAttribute('id');
            $labels = $find->query("//label[@for='$id']|//label[.//@name='{$control->getAttribute('name')}']");
            self::assertGreaterThan(0, $labels->length, $control->getAttribute('name'));
        }
        self::assertSame(0, $find->query('//script')->length);
        self::assertSame('"><script>x</script>', $find->query('//textarea')[0]->textContent);
        self::assertSame('to"ken', $find->query('//input[@name="__CSRFToken__"]')[0]->getAttribute('value'));
        self::assertSame('correction', $find->query('//input[@checked]')[0]->getAttribute('value'));
        self::assertSame('sp-blocks-problem', $find->query('//input[@name="blocks"]')[0]->getAttribute('aria-describedby'));
        self::assertSame(1, $find->query('//*[@id="sp-blocks-problem"]')->length);
    }
}
