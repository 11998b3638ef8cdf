<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

use PHPUnit\Framework\TestCase;
use SupportPolicy\History;

final class HistoryTest extends TestCase
{
    public function test_what_an_edit_tells_is_what_it_changed(): void
    {
        self::assertSame(['fields' => [22 => ['a', 'b']]], History::edit('{"fields":{"22":["a","b"]}}'));
        self::assertSame([], History::edit(''));
    }

    public function test_one_that_was_cut_may_have_changed_anything(): void
    {
        self::assertNull(History::edit('{"fields":{"20":["Mail","\u041f\u043e\u0447'));
    }
}
