<?php
// SPDX-License-Identifier: GPL-2.0-or-later

require_once INCLUDE_DIR . 'class.plugin.php';
require_once INCLUDE_DIR . 'class.signal.php';
require_once INCLUDE_DIR . 'class.filter_action.php';
// Not required: nobody can catch that a file is not there.
is_file(__DIR__ . '/config.php') && include_once __DIR__ . '/config.php';

use SupportPolicy\Fields;
use SupportPolicy\Hooks;
use SupportPolicy\Installation;
use SupportPolicy\SendAction;
use SupportPolicy\Settings;
use SupportPolicy\Text;

/**
 * What osTicket knows of the plugin: its life from install to uninstall.
 *
 * osTicket catches nothing here, on any page: with half of our files copied, each of its ways in
 * still has to lead out again.
 */
class SupportPolicyPlugin extends Plugin
{
    public $config_class = 'SupportPolicyConfig';

    public function isMultiInstance()
    {
        return false;
    }

    /**
     * Runs on every request as long as the plugin is installed, enabled or not.
     *
     * The filter action is registered here and not in bootstrap(): osTicket refuses to create any
     * ticket that a filter with an unknown action matches.
     */
    public function init()
    {
        self::safely('register its filter action', static fn () => FilterAction::register(SendAction::class, 'Ticket'));
        Signal::connect('ticket.create.before', static function ($nothing, &$vars): void {
            self::safely('look at a new ticket', static function () use (&$vars): void {
                Fields::withhold($vars);
            });
        });
        $id = $this->getId();
        Signal::connect('model.deleted', static function ($gone) use ($id): void {
            if ($gone->getId() == $id) {
                self::safely('clean up', static fn () => Installation::uninstall());
            }
        }, 'Plugin');
    }

    /** osTicket starts no instance that has no configuration. */
    public function getConfig(?PluginInstance $instance = null, $defaults = [])
    {
        return self::safely('read its settings', fn () => parent::getConfig($instance, $defaults));
    }

    public function bootstrap()
    {
        self::safely('start', function (): void {
            // Read now: osTicket forgets the instance's configuration once bootstrap() is over.
            $config = $this->getConfig();
            $version = (string) $this->info['version'];
            $values = $config->values() + ['language' => Text::primary()];
            Hooks::connect(Settings::fromConfig($values), $version);
            Signal::connect('cron', static fn () => self::catchUp($config, $version));
        });
    }

    public function enable()
    {
        self::safely('set itself up', static fn () => Installation::install());
        return true;
    }

    /** New files may set up more than the old ones did, and osTicket tells nobody of an update. */
    private static function catchUp(SupportPolicyConfig $config, string $version): void
    {
        self::safely('look after its set-up', static function () use ($config, $version): void {
            if ($config->get('set_up_by') !== $version && Installation::install()) {
                $config->set('set_up_by', $version);
            }
        });
    }

    /** @return mixed what the work gives, null when it failed */
    private static function safely(string $what, Closure $work)
    {
        try {
            return $work();
        } catch (Throwable $trouble) {
            error_log("Support Policy could not $what: " . $trouble->getMessage());
            return null;
        }
    }
}
