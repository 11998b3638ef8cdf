<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

// The plugin's classes as osTicket finds them, and small stand-ins for osTicket's own.

const PLUGIN = __DIR__ . '/../../../plugin/osticket/support_policy';

spl_autoload_register(static function (string $class): void {
    $file = PLUGIN . '/lib/' . str_replace('\\', '/', $class) . '.php';
    if (str_starts_with($class, 'SupportPolicy\\') && is_file($file)) {
        require_once $file;
    }
});
