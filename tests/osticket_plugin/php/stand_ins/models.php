<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

// As much of osTicket's models as is looked up by the parts under test.

/** Rows, and what is asked of them. */
class StandInRows
{
    public function __construct(private array $rows)
    {
    }

    public function filter(array $criteria): self
    {
        return $this;
    }

    public function values_flat(string ...$columns): array
    {
        return array_map(
            static fn (array $row) => array_map(static fn (string $column) => $row[$column], $columns),
            $this->rows
        );
    }
}

if (!class_exists('DynamicFormField')) {
    class DynamicFormField
    {
        public static array $rows = [];

        public static function objects(): StandInRows
        {
            return new StandInRows(self::$rows);
        }
    }
}
