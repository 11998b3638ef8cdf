<?php
// SPDX-License-Identifier: GPL-2.0-or-later

declare(strict_types=1);

namespace SupportPolicy;

/** A queue of open tickets that still have a due date, the next one first: osTicket's own queues show none. */
final class DueQueue
{
    private const QUEUE = 'queue';
    private const SORT = 'queue_sort';
    private const TAGS = 'queue_column_tags';

    private const COLUMNS = [
        'number' => [/* @trans */ 'Ticket', 100],
        'cdata__subject' => [/* @trans */ 'Subject', 300],
        'user__name' => [/* @trans */ 'From', 160],
        'cdata__priority' => [/* @trans */ 'Priority', 90],
        'duedate' => [/* @trans */ 'Due date', 150],
        'cdata__policy_tags' => [/* @trans */ 'Policy tags', 200],
    ];

    public static function exists(): bool
    {
        return self::find() !== null;
    }

    /** Made once: if it was deleted since, nobody wanted it. */
    public static function install(string $language): void
    {
        if (Made::id(self::QUEUE) !== null) {
            return;
        }
        $open = self::openTickets();
        $queue = \CustomQueue::create([
            'title' => Text::in($language, 'Support policy: by due date'),
            'parent_id' => $open ? $open->getId() : 0,
            'flags' => self::flags($open !== null),
            'staff_id' => 0,
            'root' => 'T',
            'sort' => 90,
            'sort_id' => self::sort($language),
            'config' => json_encode(['criteria' => self::criteria($open !== null), 'conditions' => []]),
        ]);
        self::save($queue);
        Made::remember(self::QUEUE, (int) $queue->getId());
        self::addColumns((int) $queue->getId(), $language);
    }

    public static function uninstall(): void
    {
        if ($queue = self::find()) {
            \QueueColumnGlue::objects()->filter(['queue_id' => $queue->getId()])->delete();
            $queue->delete();
        }
        if ($sort = self::lookUp(\QueueSort::class, self::SORT)) {
            \QueueSortGlue::objects()->filter(['sort_id' => $sort->getId()])->delete();
            \CustomQueue::objects()->filter(['sort_id' => $sort->getId()])->update(['sort_id' => 0]);
            $sort->delete();
        }
        if ($tags = self::lookUp(\QueueColumn::class, self::TAGS)) {
            // Also from queues that an admin added it to: without its field they would come up empty.
            \QueueColumnGlue::objects()->filter(['column_id' => $tags->getId()])->delete();
            $tags->delete();
        }
    }

    /** Where PHP's command line has no APCu, osTicket throws at its counts of tickets, with the queue saved. */
    private static function save(\CustomQueue $queue): void
    {
        try {
            $queue->save();
        } catch (\Throwable $trouble) {
            if (!$queue->getId()) {
                throw $trouble;
            }
        }
    }

    private static function find(): ?\CustomQueue
    {
        return self::lookUp(\CustomQueue::class, self::QUEUE);
    }

    /**
     * @template T
     * @param class-string<T> $class
     * @return ?T
     */
    private static function lookUp(string $class, string $made): ?object
    {
        $id = Made::id($made);
        return $id ? ($class::lookup($id) ?: null) : null;
    }

    /** The help desk's own queue of open tickets, whatever it is called. */
    private static function openTickets(): ?\CustomQueue
    {
        $top = \CustomQueue::queues()->filter(['parent_id' => 0]);
        foreach ($top as $queue) {
            foreach ($queue->getCriteria() as $criterion) {
                if ($criterion[0] === 'status__state' && isset($criterion[2]['open'])) {
                    return $queue;
                }
            }
        }
        return null;
    }

    private static function flags(bool $under_open): int
    {
        $flags = \CustomQueue::FLAG_PUBLIC | \CustomQueue::FLAG_QUEUE;
        return !$under_open ? $flags : $flags
            | \CustomQueue::FLAG_INHERIT_CRITERIA
            | \CustomQueue::FLAG_INHERIT_SORTING
            | \CustomQueue::FLAG_INHERIT_EXPORT;
    }

    /** @return list<array{string, string, mixed}> */
    private static function criteria(bool $under_open): array
    {
        $due = ['est_duedate', 'set', null];
        return $under_open ? [$due] : [['status__state', 'includes', ['open' => 'Open']], $due];
    }

    private static function sort(string $language): int
    {
        $sort = self::lookUp(\QueueSort::class, self::SORT);
        if (!$sort) {
            $sort = \QueueSort::__create([
                'name' => Text::in($language, 'Next due date first'),
                'root' => 'T',
                'columns' => json_encode(['est_duedate']),
            ]);
            Made::remember(self::SORT, (int) $sort->getId());
        }
        return (int) $sort->getId();
    }

    private static function addColumns(int $queue, string $language): void
    {
        $place = 0;
        foreach (self::COLUMNS as $source => [$heading, $width]) {
            $column = $source === 'cdata__policy_tags'
                ? self::tagsColumn($language)
                : \QueueColumn::objects()->filter(['primary' => $source])->order_by('id')->first();
            if ($column) {
                (new \QueueColumnGlue([
                    'queue_id' => $queue,
                    'staff_id' => 0,
                    'column_id' => $column->getId(),
                    'bits' => \QueueColumn::FLAG_SORTABLE,
                    'sort' => ++$place,
                    'heading' => Text::in($language, $heading),
                    'width' => $width,
                ]))->save();
            }
        }
    }

    private static function tagsColumn(string $language): \QueueColumn
    {
        $column = self::lookUp(\QueueColumn::class, self::TAGS);
        if (!$column) {
            $column = \QueueColumn::__create([
                'name' => Text::in($language, 'Policy tags'),
                'primary' => 'cdata__policy_tags',
                'truncate' => 'wrap',
                'annotations' => '[]',
                'conditions' => '[]',
            ]);
            Made::remember(self::TAGS, (int) $column->getId());
        }
        return $column;
    }
}
