<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

// As much of osTicket's forms as the plugin's configuration touches.

/** A field: what it was made of, and the errors that were added. */
class FormField
{
    public array $errors = [];

    public function __construct(private array $made = [])
    {
    }

    public function get(string $what): mixed
    {
        return $this->made[$what] ?? null;
    }

    public function set(string $what, mixed $value): void
    {
        $this->made[$what] = $value;
    }

    public function hasData(): bool
    {
        return true;
    }

    public function addError(string $message): void
    {
        $this->errors[] = $message;
    }
}

class TextboxField extends FormField
{
}

class PasswordField extends FormField
{
}

class ChoiceField extends FormField
{
}

class BooleanField extends FormField
{
}

class SectionBreakField extends FormField
{
    public function hasData(): bool
    {
        return false;
    }
}

class SimpleForm
{
    public function __construct(private array $fields)
    {
    }

    public function getField(string $name): FormField
    {
        return $this->fields[$name];
    }
}

/** The base of a configuration: what is stored, and the one form of the request. */
class PluginConfig
{
    private ?SimpleForm $form = null;

    public function __construct(private array $stored = [])
    {
    }

    public function get(string $name): mixed
    {
        return $this->stored[$name] ?? null;
    }

    public function getForm(): SimpleForm
    {
        return $this->form ??= new SimpleForm($this->getOptions());
    }

    public function store(?SimpleForm $form = null, &$errors = [])
    {
        return true;
    }

    public function purge()
    {
        return true;
    }
}
