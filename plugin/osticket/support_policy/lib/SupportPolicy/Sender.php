<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** One signed POST to the service, in bounded time. */
final class Sender
{
    private const CONNECT = 500;
    private const TOTAL = 1500;
    private const LARGEST_ANSWER = 262144;
    private const LONGEST_HEADERS = 16384;

    private string $body = '';
    /** @var array<string, string> */
    private array $headers = [];
    private int $headerBytes = 0;

    private function __construct(private readonly Settings $settings)
    {
    }

    /** @param int $milliseconds how long it may take at most */
    public static function post(
        Settings $settings,
        string $version,
        string $event,
        string $payload,
        int $milliseconds = self::TOTAL,
    ): Reply {
        if (Address::problem($settings->url, $settings->allowPrivate) !== '') {
            return new Reply('the service\'s address may not be called', false);
        }
        return (new self($settings))->send($version, $event, $payload, min($milliseconds, self::TOTAL));
    }

    private function send(string $version, string $event, string $payload, int $milliseconds): Reply
    {
        $curl = curl_init();
        curl_setopt_array($curl, [
            CURLOPT_URL => $this->settings->url,
            CURLOPT_POST => true,
            CURLOPT_POSTFIELDS => $payload,
            CURLOPT_HTTPHEADER => $this->headerLines($version, $event, $payload),
            CURLOPT_CONNECTTIMEOUT_MS => min(self::CONNECT, $milliseconds),
            CURLOPT_TIMEOUT_MS => $milliseconds,
            CURLOPT_NOSIGNAL => true,
            CURLOPT_FOLLOWLOCATION => false,
            CURLOPT_PROTOCOLS => CURLPROTO_HTTP | CURLPROTO_HTTPS,
            CURLOPT_PROXY => '',
            CURLOPT_HEADERFUNCTION => fn ($curl, string $line): int => $this->header($line),
            CURLOPT_WRITEFUNCTION => fn ($curl, string $part): int => $this->part($part),
        ]);
        curl_exec($curl);
        return $this->reply($curl);
    }

    private function reply(\CurlHandle $curl): Reply
    {
        $code = curl_errno($curl);
        $ip = (string) curl_getinfo($curl, CURLINFO_PRIMARY_IP);
        $trouble = match (true) {
            $code === CURLE_WRITE_ERROR => 'its answer is too large',
            $code !== 0 => 'it cannot be reached: ' . curl_strerror($code),
            // A name may lead elsewhere than when the admin saved it. By now the message was sent: what keeps
            // it from a stranger there is TLS, which lets in nobody without a certificate for the name; this
            // only keeps the answer out.
            !$this->settings->allowPrivate && Address::isPrivate($ip) => 'its name leads into a private network',
            default => '',
        };
        return new Reply(
            trouble: $trouble,
            unreachable: $code !== 0 && $code !== CURLE_WRITE_ERROR,
            status: (int) curl_getinfo($curl, CURLINFO_RESPONSE_CODE),
            type: (string) curl_getinfo($curl, CURLINFO_CONTENT_TYPE),
            headers: $this->headers,
            body: $trouble === '' ? $this->body : '',
            milliseconds: (int) round(1000 * curl_getinfo($curl, CURLINFO_TOTAL_TIME)),
        );
    }

    /** @return list<string> */
    private function headerLines(string $version, string $event, string $payload): array
    {
        $lines = [
            'Content-Type: application/json',
            'Accept: application/json',
            "User-Agent: support-policy-osticket/$version",
            // Without it curl waits for leave to send a large body.
            'Expect:',
        ];
        foreach (Signature::sign($payload, $this->settings->secrets, $event, time()) as $name => $value) {
            $lines[] = "$name: $value";
        }
        return $lines;
    }

    private function header(string $line): int
    {
        $this->headerBytes += strlen($line);
        if ($this->headerBytes > self::LONGEST_HEADERS) {
            return -1;
        }
        [$name, $value] = explode(':', $line, 2) + [1 => ''];
        $name = strtolower(trim($name));
        if (in_array($name, Signature::HEADERS, true)) {
            $this->headers[$name] = trim($value);
        }
        return strlen($line);
    }

    private function part(string $part): int
    {
        $this->body .= $part;
        return strlen($this->body) > self::LARGEST_ANSWER ? -1 : strlen($part);
    }
}
