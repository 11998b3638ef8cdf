<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/**
 * Lets the customer go before the service is asked.
 *
 * Whoever waits for the page must not wait for us: it is sent in full, with its length, and only
 * then do we go on. Where that cannot be done, cron delivers instead.
 */
final class Response
{
    private static bool $held = false;

    /** Keeps the page together from here on, so that its length is known at the end. */
    public static function hold(): void
    {
        if (self::$held || self::canFinishAlone() || !self::canSend()) {
            return;
        }
        self::$held = true;
        if (function_exists('apache_setenv')) {
            // Compression would change the length, and would not end before we do.
            apache_setenv('no-gzip', '1');
            apache_setenv('no-brotli', '1');
        }
        // The API tells its length by itself, and agents' own cron has sent its answer already.
        if (!defined('APICALL') && !defined('AJAX_REQUEST')) {
            ob_start();
        }
    }

    /** Whether nobody waits any more. */
    public static function finish(): bool
    {
        ignore_user_abort(true);
        if (session_status() === PHP_SESSION_ACTIVE) {
            session_write_close();
        }
        if (PHP_SAPI === 'cli') {
            return true;
        }
        if (function_exists('fastcgi_finish_request')) {
            return fastcgi_finish_request();
        }
        if (function_exists('litespeed_finish_request')) {
            return litespeed_finish_request();
        }
        return self::canSend() && self::send();
    }

    private static function send(): bool
    {
        $isCompressed = array_diff(ob_list_handlers(), ['default output handler']) !== [];
        if ($isCompressed || (headers_sent() && !self::isEnough())) {
            return false;
        }
        $page = '';
        while (ob_get_level() > 0 && ($part = ob_get_clean()) !== false) {
            $page = $part . $page;
        }
        if (!headers_sent()) {
            header('Content-Length: ' . strlen($page));
            // A browser must not send its next request into the connection that we still hold.
            header('Connection: close');
        }
        echo $page;
        flush();
        // What anything prints from here on would follow the page's end.
        ob_start(static fn (): string => '');
        return true;
    }

    private static function canFinishAlone(): bool
    {
        return function_exists('fastcgi_finish_request') || function_exists('litespeed_finish_request');
    }

    /** Elsewhere (php-cgi, mod_fcgid) the web server keeps the page until the script ends, whatever is flushed. */
    private static function canSend(): bool
    {
        return PHP_SAPI === 'apache2handler';
    }

    /** Whether the headers that are sent let the browser go: with a length, or to another page at once. */
    private static function isEnough(): bool
    {
        return preg_grep('/^(content-length|location):/i', headers_list()) !== [];
    }
}
