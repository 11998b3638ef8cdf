<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** What an agent fills in to have permission for paid help asked for. */
final class Ask
{
    public const TAG = 'ask_fee_permission';
    public const REASONS = [
        'outside' => /* @trans */ 'It is outside standard support',
        'correction' => /* @trans */ 'Something is to be corrected on the customer\'s side',
    ];

    /** The internal fields that hold it; the last one is for people, who asked and when. */
    public const FIELDS = ['paid_reason', 'paid_work', 'paid_blocks', 'paid_permitter', 'paid_asked'];

    private const LONGEST_WORK = 300;

    public function __construct(
        public readonly string $reason = '',
        public readonly string $work = '',
        public readonly string $blocks = '',
        public readonly string $permitter = '',
    ) {
    }

    /** @param array<array-key, mixed> $sent the form */
    public static function sent(array $sent): self
    {
        $text = static function (string $name) use ($sent): string {
            $value = $sent[$name] ?? '';
            $line = is_string($value) ? preg_replace('/[\s\x00-\x1f\x7f]+/u', ' ', mb_scrub($value, 'UTF-8')) : '';
            return trim((string) $line);
        };
        return new self($text('reason'), Database::storable($text('work')), $text('blocks'), $text('permitter'));
    }

    public static function on(TicketForm $form): self
    {
        $text = static fn (string $name): string => $form->text(Fields::variable($name));
        return new self($text('paid_reason'), $text('paid_work'), $text('paid_blocks'), $text('paid_permitter'));
    }

    /**
     * @param int $most blocks that the policy lets one request ask for
     * @return array<string, string> name → what is wrong, in English for the translator
     */
    public function problems(int $most): array
    {
        return array_filter([
            'reason' => isset(self::REASONS[$this->reason]) ? '' : /* @trans */ 'Choose a reason.',
            'work' => match (true) {
                $this->work === '' => /* @trans */ 'Write what would be done, in one plain sentence.',
                mb_strlen($this->work) > self::LONGEST_WORK => /* @trans */ 'One sentence of 300 characters at most.',
                default => '',
            },
            'blocks' => preg_match('/^[1-9]\d{0,2}$/D', $this->blocks) && (int) $this->blocks <= $most
                ? '' : /* @trans */ 'Enter a number of blocks that the policy lets you ask for.',
            'permitter' => $this->permitter === '' || filter_var($this->permitter, FILTER_VALIDATE_EMAIL)
                ? '' : /* @trans */ 'Enter an e-mail address, or nothing.',
        ]);
    }

    /**
     * @param string $asked who asked and when
     * @return array<string, string> field → text
     */
    public function fields(string $asked): array
    {
        return array_combine(self::FIELDS, [$this->reason, $this->work, $this->blocks, $this->permitter, $asked]);
    }

    /** The note on the ticket, for agents. */
    public function note(string $language): string
    {
        $lines = [
            Text::in($language, 'The customer is to be asked for permission for paid help. The Support Policy service writes and sends the request; until it does, the customer has received nothing.'),
            '',
            Text::in($language, 'Reason:') . ' ' . Text::in($language, self::REASONS[$this->reason]),
            Text::in($language, 'What would be done:') . " $this->work",
            Text::in($language, 'Blocks, at most:') . " $this->blocks",
        ];
        if ($this->permitter !== '') {
            $lines[] = Text::in($language, 'Who may permit:') . " $this->permitter";
        }
        return implode("\n", $lines);
    }
}
