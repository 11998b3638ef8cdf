<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** What every message to the service says of itself. */
final class Envelope
{
    /** @return array<string, mixed> */
    public static function of(string $type, string $event, Settings $settings, string $version): array
    {
        return [
            'type' => $type,
            'event' => $event,
            'plugin' => $version,
            'helpdesk' => Status::helpdesk(),
            'mode' => $settings->mode,
        ];
    }
}
