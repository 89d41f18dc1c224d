using System.Text.Json;
using Rung.Core.Spans;

namespace Rung.Storage.Tests;

/// <summary>Compares calls by everything in them.</summary>
internal static class SameCall
{
    public static string Of(CallRecord call) => JsonSerializer.Serialize(call);

    public static void Check(CallRecord expected, CallRecord? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(Of(expected), Of(actual));
    }
}
