<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

/** osTicket's translator over the plugin's own files; a reader without a language reads English. */
class TextDomain
{
    private string $path = '';

    public function __construct(private string $name)
    {
    }

    public static function lookup(string $name): self
    {
        return new self($name);
    }

    public function setPath(string $path): void
    {
        $this->path = $path;
    }

    public function getTranslation(int $category = LC_MESSAGES, string $locale = 'en_US'): object
    {
        $file = "$this->path$locale/LC_MESSAGES/$this->name.mo.php";
        return new class (is_file($file) ? include $file : []) {
            public function __construct(private array $texts)
            {
            }

            public function translate(string $english): string
            {
                return $this->texts[$english] ?? $english;
            }
        };
    }
}
