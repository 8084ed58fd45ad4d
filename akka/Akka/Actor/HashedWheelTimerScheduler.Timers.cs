using Akka.Dispatch;

namespace Akka.Actor;

public sealed partial class HashedWheelTimerScheduler
{
    /// <summary>A timer in its bucket's list, and the handle that calls it off.</summary>
    internal sealed class Timer(HashedWheelTimerScheduler scheduler, IRunnable work, ICancelable? cancelable, long intervalTicks) : ICancelable
    {
        private volatile bool _canceled;

        public IRunnable Work { get; } = work;

        public long IntervalTicks { get; } = intervalTicks;

        public long DueTicks { get; set; }

        public long Step { get; set; }

        public Timer? Next { get; set; }

        public Timer? Previous { get; set; }

        public bool IsListed { get; set; }

        public bool IsCancellationRequested => _canceled || cancelable is { IsCancellationRequested: true };

        public CancellationToken Token => new(_canceled);

        public void Cancel()
        {
            if (IntervalTicks == 0)
            {
                _canceled = true;
                scheduler.Remove(this);
                return;
            }

            // A periodic timer moves between buckets.
            lock (this)
            {
                _canceled = true;
                scheduler.Remove(this);
            }
        }

        public void Cancel(bool throwOnFirstException) => Cancel();

        public void CancelAfter(TimeSpan delay) => throw new NotSupportedException("A timer's handle is canceled at once or not at all");

        public void CancelAfter(int millisecondsDelay) => CancelAfter(TimeSpan.FromMilliseconds(millisecondsDelay));
    }

    internal sealed class TellRunnable(ICanTell receiver, object message, IActorRef sender) : IRunnable
    {
        public void Run() => receiver.Tell(message, sender);

        public void Execute() => Run();
    }

    /// <summary>The timers of every wheel-length-th step, in the order they were added.</summary>
    private sealed class Bucket
    {
        private Timer? _first;
        private Timer? _last;

        public bool IsEmpty => _first is null;

        public void Add(Timer timer)
        {
            timer.Previous = _last;
            timer.Next = null;
            timer.IsListed = true;
            if (_last is null)
                _first = timer;
            else
                _last.Next = timer;
            _last = timer;
        }

        public bool Remove(Timer timer)
        {
            if (!timer.IsListed)
                return false;
            if (timer.Previous is null)
                _first = timer.Next;
            else
                timer.Previous.Next = timer.Next;
            if (timer.Next is null)
                _last = timer.Previous;
            else
                timer.Next.Previous = timer.Previous;
            timer.Next = timer.Previous = null;
            timer.IsListed = false;
            return true;
        }

        /// <summary>Takes the timers of one step and leaves those of a later turn of the wheel, except any called off meanwhile.</summary>
        public void TakeDue(long step, List<Timer> due)
        {
            for (var timer = _first; timer is not null;)
            {
                var next = timer.Next;
                if (timer.Step <= step || timer.IsCancellationRequested)
                {
                    Remove(timer);
                    due.Add(timer);
                }

                timer = next;
            }
        }
    }
}
