<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** What came back from the service, or why nothing did. */
final class Reply
{
    /**
     * @param string $trouble '' when there is an answer, whatever it says
     * @param bool $unreachable nobody answered in time: worth a rest
     * @param array<string, string> $headers those of a signature, in lower case
     */
    public function __construct(
        public readonly string $trouble,
        public readonly bool $unreachable,
        public readonly int $status = 0,
        public readonly string $type = '',
        public readonly array $headers = [],
        public readonly string $body = '',
        public readonly int $milliseconds = 0,
    ) {
    }
}
