<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** The dialog in which an agent asks; it works by keyboard, and every control has its label. */
final class AskForm
{
    /** @param array<string, string> $problems name → what is wrong, in English for the translator */
    public function __construct(
        private readonly string $path,
        private readonly Ask $ask,
        private readonly array $problems,
        private readonly int $mostBlocks,
        private readonly string $tokenName,
        private readonly string $token,
    ) {
    }

    public function html(): string
    {
        $title = self::safe(Text::of('Ask permission for paid help'));
        $lead = self::safe(Text::of('No price here: the service writes the request in both languages and sends it to the customer.'));
        $error = $this->problems === [] ? ''
            : '<p id="msg_error" role="alert">' . self::safe(Text::of('Nothing was asked yet: please correct the form.')) . '</p>';
        $token = '<input type="hidden" name="' . self::safe($this->tokenName) . '" value="' . self::safe($this->token) . '">';
        return <<<HTML
            <h3 class="drag-handle">$title</h3>
            <b><a class="close" href="#"><i class="icon-remove-circle"></i></a></b>
            <div class="clear"></div><hr>$error
            <p>$lead</p>
            <form method="post" action="#{$this->path}" id="support-policy-ask">$token
            {$this->reasons()}{$this->controls()}
            <hr>{$this->buttons()}<div class="clear"></div>
            </form>
            HTML;
    }

    private function reasons(): string
    {
        $boxes = '';
        foreach (Ask::REASONS as $name => $english) {
            $checked = $this->ask->reason === $name ? ' checked' : '';
            $boxes .= "<label style=\"display:block\"><input type=\"radio\" name=\"reason\" value=\"$name\" required$checked> "
                . self::safe(Text::of($english)) . '</label>';
        }
        $legend = self::safe(Text::of('Why is it not included?'));
        $about = isset($this->problems['reason']) ? ' aria-describedby="sp-reason-problem"' : '';
        return "<fieldset style=\"border:0;padding:0\"$about><legend><strong>$legend</strong></legend>$boxes"
            . $this->problem('reason') . '</fieldset>';
    }

    private function controls(): string
    {
        $work = '<textarea id="sp-work" name="work" rows="2" cols="60" maxlength="300" required style="width:100%"'
            . $this->described('work') . '>' . self::safe($this->ask->work) . '</textarea>';
        $blocks = "<input id=\"sp-blocks\" name=\"blocks\" type=\"number\" min=\"1\" max=\"{$this->mostBlocks}\" required value=\""
            . self::safe($this->ask->blocks) . '"' . $this->described('blocks') . '>';
        $permitter = '<input id="sp-permitter" name="permitter" type="email" size="40" value="'
            . self::safe($this->ask->permitter) . '"' . $this->described('permitter') . '>';
        return $this->row('work', Text::of('What would be done, in one plain sentence that the customer reads'), $work)
            . $this->row('blocks', Text::of('How many blocks of time at most'), $blocks)
            . $this->row('permitter', Text::of('Address of the person who may permit, if it is not the requester'), $permitter);
    }

    private function row(string $name, string $label, string $control): string
    {
        return "<p><label for=\"sp-$name\"><strong>" . self::safe($label) . "</strong></label><br>$control"
            . $this->problem($name) . '</p>';
    }

    private function described(string $name): string
    {
        return isset($this->problems[$name]) ? " aria-invalid=\"true\" aria-describedby=\"sp-$name-problem\"" : '';
    }

    private function problem(string $name): string
    {
        return isset($this->problems[$name])
            ? "<br><span class=\"error\" id=\"sp-$name-problem\">" . self::safe(Text::of($this->problems[$name])) . '</span>'
            : '';
    }

    private function buttons(): string
    {
        $cancel = self::safe(Text::of('Cancel'));
        $ask = self::safe(Text::of('Ask'));
        return '<p class="full-width"><span class="buttons pull-left">'
            . "<input type=\"button\" name=\"cancel\" class=\"close\" value=\"$cancel\"></span>"
            . "<span class=\"buttons pull-right\"><input type=\"submit\" value=\"$ask\"></span></p>";
    }

    private static function safe(string $text): string
    {
        return htmlspecialchars($text, ENT_QUOTES, 'UTF-8');
    }
}
