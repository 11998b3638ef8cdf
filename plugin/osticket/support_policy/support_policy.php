<?php
// SPDX-License-Identifier: GPL-2.0-or-later

require_once INCLUDE_DIR . 'class.plugin.php';
require_once INCLUDE_DIR . 'class.signal.php';
require_once INCLUDE_DIR . 'class.filter_action.php';
require_once __DIR__ . '/config.php';

use SupportPolicy\Fields;
use SupportPolicy\Hooks;
use SupportPolicy\Installation;
use SupportPolicy\SendAction;
use SupportPolicy\Settings;
use SupportPolicy\Text;

/** What osTicket knows of the plugin: its life from install to uninstall. */
class SupportPolicyPlugin extends Plugin
{
    public $config_class = 'SupportPolicyConfig';

    /** Set-up that is told to be removed is removed in this request, once the plugin itself is gone. */
    private static bool $removeEverything = false;

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
        FilterAction::register(SendAction::class, 'Ticket');
        Signal::connect('ticket.create.before', static function ($nothing, &$vars): void {
            try {
                Fields::withhold($vars);
            } catch (Throwable $trouble) {
                error_log('Support Policy could not look at a new ticket: ' . $trouble->getMessage());
            }
        });
        $id = $this->getId();
        Signal::connect('model.deleted', static function ($gone) use ($id): void {
            if ($gone->getId() == $id) {
                self::remove();
            }
        }, 'Plugin');
    }

    public function bootstrap()
    {
        try {
            // Read now: osTicket forgets the instance's configuration once bootstrap() is over.
            $config = $this->getConfig();
            $version = (string) $this->info['version'];
            $values = $config->values() + ['language' => Text::primary()];
            Hooks::connect(Settings::fromConfig($values), $version);
            Signal::connect('cron', static fn () => self::catchUp($config, $version));
        } catch (Throwable $trouble) {
            error_log('Support Policy could not start: ' . $trouble->getMessage());
        }
    }

    public function enable()
    {
        Installation::install();
        return true;
    }

    public function pre_uninstall(&$errors)
    {
        foreach ($this->getInstances() as $instance) {
            self::$removeEverything = self::$removeEverything || $instance->getConfig()->removesEverything();
        }
        return true;
    }

    /** Called by the configuration when it is deleted; the admin's pages call no pre_uninstall() of ours. */
    public static function removeEverything(): void
    {
        self::$removeEverything = true;
    }

    /** New files may set up more than the old ones did, and osTicket tells nobody of an update. */
    private static function catchUp(SupportPolicyConfig $config, string $version): void
    {
        try {
            if ($config->get('set_up_by') !== $version) {
                Installation::install();
                $config->set('set_up_by', $version);
            }
        } catch (Throwable $trouble) {
            error_log('Support Policy could not look after its set-up: ' . $trouble->getMessage());
        }
    }

    private static function remove(): void
    {
        Installation::uninstall(self::$removeEverything);
        self::$removeEverything = false;
    }
}
