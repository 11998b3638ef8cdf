<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

require_once __DIR__ . '/stand_ins/texts.php';

use PHPUnit\Framework\TestCase;
use SupportPolicy\Text;

final class TextTest extends TestCase
{
    public function test_a_text_is_read_in_the_language_that_is_asked_for(): void
    {
        self::assertSame('Politique : raison', Text::in('fr', 'Policy reason'));
        self::assertSame('Policy reason', Text::in('en', 'Policy reason'));
    }

    public function test_a_text_without_a_translation_stays_english(): void
    {
        self::assertSame('Not translated.', Text::in('fr', 'Not translated.'));
    }

    public function test_every_kind_of_french_is_french_and_the_rest_is_english(): void
    {
        $spoken = array_map(Text::known(...), ['fr', 'fr_CA', 'fr-FR', 'FR', 'en_US', 'fry', 'de', '']);
        self::assertSame(['fr', 'fr', 'fr', 'fr', 'en', 'en', 'en', 'en'], $spoken);
    }
}
