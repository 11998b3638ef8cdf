<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use SupportPolicy\Answer;
use SupportPolicy\Reply;

/** What is believed of the service; its own tests read the same answers. */
final class AnswerTest extends TestCase
{
    private const EVENT = '0b6f1f3e-6a53-4a0e-9d5f-3f5f1c0a7e11';

    /** @dataProvider answers */
    public function test_an_answer_gets_its_verdict(array $vector, array $asked, int $now): void
    {
        $answer = Answer::judge(self::reply($vector), $asked, $vector['secrets'], $now);
        self::assertSame($vector['verdict'], $answer->verdict, $answer->reason);
        self::assertSame($vector['observes'], $answer->observes);
        self::assertSame($vector['verdict'] === Answer::APPLY, $answer->reason === '');
    }

    public static function answers(): iterable
    {
        $file = self::vectors('answers');
        foreach ($file['answers'] as $vector) {
            $asked = $file['asked'] + ['decided_at' => $vector['last_decided_at']];
            yield $vector['name'] => [$vector, $asked, $file['now']];
        }
    }

    public function test_what_it_writes_is_handed_on_and_its_moment_is_spelled_to_the_microsecond(): void
    {
        $said = [
            'type' => 'ticket.decision', 'event' => 'msg_1', 'ticket' => ['number' => '0123'],
            'decided_at' => '2026-11-24T18:00:01.5Z', 'mode' => 'enforce', 'update' => ['priority' => 'low'],
        ];
        $answer = Answer::read($said, ['event' => 'msg_1', 'id' => 7, 'number' => '0123', 'decided_at' => null]);
        self::assertSame(['priority' => 'low'], $answer->update);
        self::assertSame('2026-11-24T18:00:01.500000Z', $answer->decidedAt);
        self::assertSame('msg_1', $answer->event);
    }

    public function test_nothing_is_believed_of_an_answer_that_never_came(): void
    {
        $asked = ['event' => self::EVENT, 'id' => 12, 'number' => '123456', 'decided_at' => null];
        $answer = Answer::judge(new Reply('it cannot be reached: timed out', true), $asked, [], 1795543200);
        self::assertSame(Answer::BAD, $answer->verdict);
        self::assertSame('it cannot be reached: timed out', $answer->reason);
    }

    public function test_a_decision_is_no_answer_to_a_test_call(): void
    {
        $file = self::vectors('answers');
        $decision = $file['answers'][0];
        $pong = current(array_filter($file['answers'], fn ($one) => $one['name'] === 'the answer to a test call'));
        $problem = fn (array $vector) => Answer::pongProblem(
            self::reply($vector), self::EVENT, $vector['secrets'], $file['now']
        );
        self::assertSame('', $problem($pong));
        self::assertNotSame('', $problem($decision));
        self::assertNotSame('', $problem(['headers' => []] + $pong));
    }

    private static function reply(array $vector): Reply
    {
        return new Reply('', false, $vector['status'], $vector['type'], $vector['headers'], $vector['body']);
    }

    private static function vectors(string $name): array
    {
        return json_decode(file_get_contents(__DIR__ . "/../vectors/$name.json"), true, 16, JSON_THROW_ON_ERROR);
    }
}
