using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rung.Dashboard.Access;

namespace Rung.Dashboard.Frame;

/// <summary>
/// Forms that were taken lately, so that one that comes again changes nothing again: a second click, a page that was gone back to, two tabs, a program that sends twenty at once. Two forms
/// are one act when they say the same for the same person and either carry the same id, which each form gets when its page is made, or the second comes within ten seconds and the
/// person has done nothing else since, or the first is still being done. What was refused or failed may be tried again at once. Bounded: the oldest are forgotten first.
/// </summary>
/// <param name="clock">The clock of the machine.</param>
internal sealed class TakenForms(TimeProvider clock)
{
    /// <summary>Name of the field with a form's id. It needs no seal: it is looked for among the acts of its own session alone.</summary>
    public const string IdField = "_once";

    private const int Most = 256;
    private const int LongestId = 64;
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(10);

    private readonly Lock turns = new();
    private readonly List<Taken> taken = []; // The newest last.

    /// <summary>An id for a form that is being made.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>Does what a form asks for, or says what the same form has done before.</summary>
    /// <param name="who">Whose form it is: the session, or the operator of a program.</param>
    /// <param name="address">Where it was sent.</param>
    /// <param name="form">Its fields.</param>
    /// <param name="act">Does it.</param>
    /// <param name="cancellationToken">Ends waiting for the first of equal forms.</param>
    public async Task<ActReply> TakeAsync(string who, string address, IFormCollection form, Func<Task<ActReply>> act, CancellationToken cancellationToken)
    {
        var id = form[IdField] is [{ Length: > 0 and <= LongestId } given] ? given : null;
        var says = Digest(address, form);
        while (true)
        {
            var mine = new Taken(who, id, says, clock.GetUtcNow());
            if (Enter(mine) is not { } first) return await RunAsync(mine, act);
            if (await first.Reply.Task.WaitAsync(cancellationToken) is { } done) return Again(done);
            // The first one changed nothing: this one tries for itself.
        }
    }

    /// <summary>The form that did the same before; null when there is none: then this one is the first.</summary>
    private Taken? Enter(Taken form)
    {
        lock (turns)
        {
            var isLatest = true;
            for (var i = taken.Count - 1; i >= 0; i--)
            {
                var other = taken[i];
                if (other.Who != form.Who) continue;
                if (other.Says == form.Says && (other.Id is not null && other.Id == form.Id || isLatest && form.At - other.At <= s_soon || !other.Reply.Task.IsCompleted)) return other;
                isLatest = false;
            }
            taken.Add(form);
            if (taken.Count > Most) taken.RemoveAt(0);
            return null;
        }
    }

    private async Task<ActReply> RunAsync(Taken form, Func<Task<ActReply>> act)
    {
        ActReply? done = null;
        try
        {
            var reply = await act();
            if (reply.Notice is not { IsError: true }) done = reply;
            return reply;
        }
        finally
        {
            if (done is null)
            {
                lock (turns) taken.Remove(form);
            }
            form.Reply.SetResult(done);
        }
    }

    private static ActReply Again(ActReply done) => ActReply.Back(done.Url, $"This was done already, and is not done a second time. {done.Notice?.Words}".TrimEnd());

    private static string Digest(string address, IFormCollection form) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(
        form.Where(field => field.Key is not (IdField or DoorKeeper.TokenField)).OrderBy(field => field.Key, StringComparer.Ordinal).SelectMany(field => field.Value.Prepend(field.Key).Prepend(null)).Prepend(address))));

    private sealed class Taken(string who, string? id, string says, DateTimeOffset at)
    {
        public string Who => who;
        public string? Id => id;
        /// <summary>Digest of where it was sent and what it says.</summary>
        public string Says => says;
        public DateTimeOffset At => at;
        /// <summary>What it did; null: nothing.</summary>
        public TaskCompletionSource<ActReply?> Reply { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
